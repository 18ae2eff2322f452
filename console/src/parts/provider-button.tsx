import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import type { Provider } from '../api/oidc/ways';

interface ProviderButtonProps {
  readonly provider: Provider;
  readonly isBusy?: boolean;
  readonly children: ComponentChildren;
}

/** Leaves for the provider, which sends the person back to this page. */
export function ProviderButton({ provider, isBusy = false, children }: ProviderButtonProps) {
  const [isLeaving, setLeaving] = useState(false);
  // The browser's Back button may restore the page as it was left, with this button disabled.
  useEffect(() => {
    const isBack = () => setLeaving(false);
    addEventListener('pageshow', isBack);
    return () => removeEventListener('pageshow', isBack);
  }, []);
  const leave = async () => {
    setLeaving(true);
    const { leaveFor } = await import('../api/oidc/flow');
    await leaveFor(provider);
  };
  return (
    <button
      class="button primary"
      type="button"
      disabled={isBusy || isLeaving}
      onClick={() => void leave()}
    >
      {children}
    </button>
  );
}
