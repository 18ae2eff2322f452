import { useEffect, useState } from 'preact/hooks';

import type { Refused } from '../api/answer';
import { takeArrival } from '../api/oidc/pending';
import { answering, hostOf, waysToSignIn, type Ways } from '../api/oidc/ways';
import { signIn, signInThrough, type Person } from '../api/sign-in';
import { refusedOf } from '../api/use-read';
import { Field } from '../parts/field';
import { LanguageSwitch } from '../parts/language-switch';
import { ProviderButton } from '../parts/provider-button';
import { Wordmark } from '../parts/wordmark';
import { t, tx } from '../i18n/language';

interface SignInProps {
  readonly onSignedIn: (person: Person) => void;
  /** Whether somebody who came through the provider has just signed out: the provider may still know them. */
  readonly hasLeftProvider: boolean;
}

/** The sign-in page. It shows nothing of the ledger until a key or a provider lets the person in. */
export function SignIn({ onSignedIn, hasLeftProvider }: SignInProps) {
  const [ways, setWays] = useState<Ways>();
  const [isBusy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refused>();

  const enter = async (entering: () => Promise<Person>) => {
    setBusy(true);
    setRefused(undefined);
    try {
      onSignedIn(await entering());
    } catch (error) {
      setRefused(refusedOf(error));
    } finally {
      setBusy(false);
    }
  };

  useEffect(() => {
    const arrival = takeArrival();
    void waysToSignIn().then((found) => {
      setWays(found);
      const provider = answering(found);
      if (arrival === undefined || provider === undefined) return;
      void enter(() => signInThrough(provider, arrival));
    });
  }, []);

  // The card appears only once the ways in are known, so that nothing on it jumps.
  return (
    <main class="door">
      {ways !== undefined && (
        <div class="door-card">
          <Wordmark />
          <h1>{t('Sign in')}</h1>
          {refused !== undefined && (
            <p class="notice bad" role="alert">
              {refused.detail}
            </p>
          )}
          <Through ways={ways} isBusy={isBusy} hasLeft={hasLeftProvider} />
          <WithKey isFirst={ways.oidc === null} isBusy={isBusy} onKey={enter} />
          <LanguageSwitch />
        </div>
      )}
    </main>
  );
}

interface ThroughProps {
  readonly ways: Ways;
  readonly isBusy: boolean;
  readonly hasLeft: boolean;
}

/** Offers to sign in through the provider, if there is one. */
function Through({ ways, isBusy, hasLeft }: ThroughProps) {
  if (ways.oidc === null) return null;
  const host = hostOf(ways.oidc.issuer);
  const provider = answering(ways);
  return (
    <>
      {hasLeft && (
        <p class="notice" role="status">
          {t('You are signed out here. {0} may still have you signed in.', host)}
        </p>
      )}
      {provider === undefined ? (
        <p class="notice warn" role="status">
          {t('{0} is not answering. Reload in a minute, or sign in with a key.', host)}
        </p>
      ) : (
        <ProviderButton provider={provider} isBusy={isBusy}>
          {isBusy ? t('Signing in…') : t('Sign in with {0}', host)}
        </ProviderButton>
      )}
      <p class="door-or quiet">{t('or with a key')}</p>
    </>
  );
}

interface WithKeyProps {
  /** Whether it is the only way in. */
  readonly isFirst: boolean;
  readonly isBusy: boolean;
  readonly onKey: (entering: () => Promise<Person>) => Promise<void>;
}

function WithKey({ isFirst, isBusy, onKey }: WithKeyProps) {
  const [key, setKey] = useState('');
  return (
    <form
      class="door-form"
      onSubmit={(event) => {
        event.preventDefault();
        void onKey(() => signIn(key.trim()));
      }}
    >
      <Field
        label={t('API key or token')}
        type="password"
        value={key}
        onInput={setKey}
        required
        autofocus={isFirst}
      />
      <button
        class={`button ${isFirst ? 'primary' : ''}`}
        type="submit"
        disabled={isBusy || key.trim() === ''}
      >
        {isBusy ? t('Signing in…') : t('Sign in')}
      </button>
      <p class="quiet">
        {tx(
          'The key stays in this tab’s memory. Reloading or closing the tab forgets it. The first keys are in {0} in the service’s data folder.',
          <code>initial-keys.json</code>,
        )}
      </p>
    </form>
  );
}
