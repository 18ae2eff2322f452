import { isIP } from 'node:net';

import type { Get } from './paths';

/** Whose `X-Forwarded-…` headers are trusted: nobody's, the last hops', or those of these addresses. */
export type TrustProxy = false | number | readonly string[];

const MOST_HOPS = 16;
const MOST_ADDRESSES = 64;
const NAMED = new Set(['loopback', 'linklocal', 'uniquelocal']);

/** Reads `1` (the number of proxies in front), or addresses and networks separated by commas. */
export function readTrustProxy(name: string, get: Get, mistakes: string[]): TrustProxy {
  const value = get(name);
  if (value === undefined) return false;
  if (/^\d+$/.test(value)) {
    const hops = Number(value);
    if (hops >= 1 && hops <= MOST_HOPS) return hops;
    mistakes.push(
      `${name} is "${value}": a number says how many proxies there are, and must be 1 to ${MOST_HOPS}.`,
    );
    return false;
  }
  const addresses = value.split(',').map((one) => one.trim());
  const wrong = addresses.find((one) => !isAddress(one));
  if (wrong !== undefined || addresses.length > MOST_ADDRESSES) {
    mistakes.push(
      `${name} is "${value}": it must be the number of proxies in front, such as 1, or their addresses, such as 10.0.0.5 or 10.0.0.0/8: at most ${MOST_ADDRESSES}, separated by commas.`,
    );
    return false;
  }
  return addresses;
}

function isAddress(text: string): boolean {
  if (NAMED.has(text)) return true;
  const [address = '', bits, more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more !== undefined) return false;
  if (bits === undefined) return true;
  // A network of all addresses is refused: any sender could then claim to come from anywhere.
  return /^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (version === 4 ? 32 : 128);
}
