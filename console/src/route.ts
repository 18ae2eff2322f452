import { useEffect, useState } from 'preact/hooks';

import { addressInMonth, addressOf, readRoute, type Route } from './address';

/** Returns the address of a page, as seen from the current one: see {@link addressOf}. */
export const hrefTo = (
  path: readonly string[],
  change: Readonly<Record<string, string | undefined>> = {},
) => addressOf(path, change, location.hash);

/** Stays on the same page and changes some of its parameters. */
export function change(parameters: Readonly<Record<string, string | undefined>>): void {
  const { path, query } = readRoute(location.hash);
  location.hash = hrefTo(path, { ...Object.fromEntries(query), ...parameters });
}

/** Shows another month. */
export function goToMonth(period: string): void {
  location.hash = addressInMonth(period, location.hash);
}

export function useRoute(): Route {
  const [hash, set] = useState(location.hash);
  useEffect(() => {
    const follow = () => set(location.hash);
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return readRoute(hash);
}
