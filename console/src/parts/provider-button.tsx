import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import type { Provider } from '../api/oidc/ways';
import { t } from '../i18n/language';

interface ProviderButtonProps {
  readonly provider: Provider;
  readonly isBusy?: boolean;
  readonly children: ComponentChildren;
}

/** Leaves for the provider, which sends the person back to this page. */
export function ProviderButton({ provider, isBusy = false, children }: ProviderButtonProps) {
  const [isLeaving, setLeaving] = useState(false);
  const [hasFailed, setFailed] = useState(false);
  // The browser's Back button may restore the page as it was left, with this button disabled.
  useEffect(() => {
    const isBack = () => setLeaving(false);
    addEventListener('pageshow', isBack);
    return () => removeEventListener('pageshow', isBack);
  }, []);
  const leave = async () => {
    setLeaving(true);
    setFailed(false);
    try {
      const { leaveFor } = await import('../api/oidc/flow');
      await leaveFor(provider);
    } catch {
      // A new version of the service no longer has the file, or the browser has no cryptography without https.
      setLeaving(false);
      setFailed(true);
    }
  };
  return (
    <>
      <button
        class="button primary"
        type="button"
        disabled={isBusy || isLeaving}
        onClick={() => void leave()}
      >
        {children}
      </button>
      {hasFailed && (
        <p class="notice bad" role="alert">
          {isSecureContext
            ? t('The sign-in could not begin. Reload the page.')
            : t('The sign-in could not begin. Open this page over https.')}
        </p>
      )}
    </>
  );
}
