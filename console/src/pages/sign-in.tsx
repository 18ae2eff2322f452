import { useState } from 'preact/hooks';

import type { Refused } from '../api/answer';
import { signIn, type Person } from '../api/sign-in';
import { refusedOf } from '../api/use-read';
import { Field } from '../parts/field';
import { LanguageSwitch } from '../parts/language-switch';
import { Wordmark } from '../parts/wordmark';
import { useRoute } from '../route';
import { t, tx } from '../i18n/language';

/** The door. Nothing of the ledger is shown before a key opened it. */
export function SignIn({ onSignedIn }: { readonly onSignedIn: (person: Person) => void }) {
  const { path } = useRoute();
  const [key, setKey] = useState('');
  const [user, setUser] = useState(path[0] === 'users' ? (path[1] ?? '') : '');
  const [isBusy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refused>();
  const mayBeBound = !/^mb_(finance|admin|producer)_/.test(key.trim()) && key.trim() !== '';

  const enter = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setRefused(undefined);
    try {
      onSignedIn(await signIn(key.trim(), user.trim()));
    } catch (error) {
      setRefused(refusedOf(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <main class="door">
      <form class="door-card" onSubmit={(event) => void enter(event)}>
        <Wordmark />
        <h1>{t('Sign in')}</h1>
        <Field
          label={t('API key or token')}
          type="password"
          value={key}
          onInput={setKey}
          required
          autofocus
        />
        {mayBeBound && (
          <Field
            label={t('User id')}
            hint={t('Only for a key that is bound to one user.')}
            value={user}
            onInput={setUser}
          />
        )}
        {refused !== undefined && (
          <p class="notice bad" role="alert">
            {refused.status === 401
              ? t('This key opens nothing here: it is mistyped, expired or revoked.')
              : refused.detail}
          </p>
        )}
        <button class="button primary" type="submit" disabled={isBusy || key.trim() === ''}>
          {isBusy ? t('Signing in…') : t('Sign in')}
        </button>
        <p class="quiet">
          {tx(
            'The key stays in this tab’s memory. Reloading or closing the tab forgets it. The first keys are in {0} in the service’s data folder.',
            <code>initial-keys.json</code>,
          )}
        </p>
        <LanguageSwitch />
      </form>
    </main>
  );
}
