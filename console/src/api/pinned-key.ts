import { useState } from 'preact/hooks';

/**
 * Where localStorage keeps the verifier key that the person trusts. The key is public, so it may be kept; and only a
 * key kept from before can show that the ledger is now signed by another one.
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
