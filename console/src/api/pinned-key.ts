import { useState } from 'preact/hooks';

/**
 * The verifier key that the person trusts. It is public, so it may be kept: only a key that was kept since before can show
 * that the ledger was signed by another one.
 */
const PLACE = 'minutebook.pinned-verifier-key';

export function usePinnedKey(): readonly [key: string, pin: (key: string) => void] {
  const [key, setKey] = useState(() => localStorage.getItem(PLACE) ?? '');
  const pin = (next: string) => {
    if (next === '') localStorage.removeItem(PLACE);
    else localStorage.setItem(PLACE, next);
    setKey(next);
  };
  return [key, pin];
}
