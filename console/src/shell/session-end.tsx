import { useEffect, useState } from 'preact/hooks';

import { answering, waysToSignIn, type Provider } from '../api/oidc/ways';
import { usePerson } from '../api/person';
import { useHasEnded } from '../api/session';
import { ProviderButton } from '../parts/provider-button';
import { t } from '../i18n/language';

/** Says that the person has to sign in again, and offers it. The page keeps what it shows until then. */
export function SessionEnd({ onLeave }: { readonly onLeave: () => void }) {
  const hasEnded = useHasEnded();
  const { isThroughProvider = false } = usePerson();
  const [provider, setProvider] = useState<Provider>();
  useEffect(() => {
    if (hasEnded && isThroughProvider) {
      void waysToSignIn().then((ways) => setProvider(answering(ways)));
    }
  }, [hasEnded]);
  if (!hasEnded) return null;
  return (
    <div class="notice bad session-end" role="alert">
      <strong>
        {isThroughProvider
          ? t('Your sign-in has expired')
          : t('The key no longer works: it expired or was revoked')}
      </strong>
      <p>
        {t('You see what was last read. Sign in again to continue: you come back to this page.')}
      </p>
      {provider === undefined ? (
        <button class="button" type="button" onClick={onLeave}>
          {t('Sign in again')}
        </button>
      ) : (
        <ProviderButton provider={provider}>{t('Sign in again')}</ProviderButton>
      )}
    </div>
  );
}
