import { useState } from 'preact/hooks';

import type { Refused } from '../api/answer';
import { signIn, type Person } from '../api/sign-in';
import { refusedOf } from '../api/use-read';
import { Field } from '../parts/field';
import { Wordmark } from '../parts/wordmark';
import { useRoute } from '../route';

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
        <h1>Sign in</h1>
        <Field
          label="API key or token"
          type="password"
          value={key}
          onInput={setKey}
          required
          autofocus
        />
        {mayBeBound && (
          <Field
            label="User id"
            hint="Only for a key that is bound to one user."
            value={user}
            onInput={setUser}
          />
        )}
        {refused !== undefined && (
          <p class="notice bad" role="alert">
            {refused.status === 401
              ? 'This key opens nothing here: it is mistyped, expired or revoked.'
              : refused.detail}
          </p>
        )}
        <button class="button primary" type="submit" disabled={isBusy || key.trim() === ''}>
          {isBusy ? 'Signing in…' : 'Sign in'}
        </button>
        <p class="quiet">
          The key stays in this tab’s memory. Reloading or closing the tab forgets it. The first
          keys are in <code>initial-keys.json</code> in the service’s data folder.
        </p>
      </form>
    </main>
  );
}
