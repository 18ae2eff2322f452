import { lookup as lookUp } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';

import { isPublicAddress } from './addresses';

/** Returns all addresses of a name. @throws Error with a code such as ENOTFOUND. */
export type Resolve = (name: string) => Promise<readonly LookupAddress[]>;

const resolveBySystem: Resolve = (name) => lookUp(name, { all: true });

/** Keeps webhooks out of the operator's own network. */
export interface Border {
  /** For tests: whether any address and plain http are allowed. */
  readonly allowPrivate: boolean;
  readonly resolve: Resolve;
}

export function borderOf(allowPrivate: boolean, resolve = resolveBySystem): Border {
  return { allowPrivate, resolve };
}

/** A webhook's URL is not allowed. */
export class UrlNotAllowedError extends Error {
  readonly code = 'WEBHOOK_URL_NOT_ALLOWED';
}

export const LONGEST_URL = 2_048;
const PRIVATE =
  'leads to a private, loopback or link-local address. Webhooks go to public addresses only';

/**
 * Checks a webhook's URL. Decimal, octal and hexadecimal hosts come back in dotted form.
 * @throws UrlNotAllowedError.
 */
export function checkedUrl(text: string, { allowPrivate }: Border): URL {
  const url = text.length <= LONGEST_URL ? parsed(text) : undefined;
  if (url === undefined) {
    throw new UrlNotAllowedError(`url must be a URL of at most ${LONGEST_URL} characters`);
  }
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) {
    throw new UrlNotAllowedError('url must begin with https://');
  }
  if (url.username !== '' || url.password !== '') {
    throw new UrlNotAllowedError('url must not hold a user or password');
  }
  const host = hostOf(url);
  if (!allowPrivate && isIP(host) !== 0 && !isPublicAddress(host)) {
    throw new UrlNotAllowedError(`The host ${PRIVATE}`);
  }
  return url;
}

/**
 * Checks a URL that somebody wants to save, including the addresses of its host. A name that can't be resolved now is
 * accepted, because it is looked up again for every connection.
 * @throws UrlNotAllowedError.
 */
export async function checkToSave(text: string, border: Border): Promise<string> {
  const url = checkedUrl(text, border);
  if (border.allowPrivate || isIP(hostOf(url)) !== 0) return url.href;
  const addresses = await border.resolve(hostOf(url)).catch(() => []);
  checkAll(addresses);
  return url.href;
}

/**
 * Looks up a name for a connection. The connection goes to exactly the addresses that this lookup has checked, so it
 * does not matter what other lookups of the name return.
 */
export function lookupWithin({ allowPrivate, resolve }: Border): LookupFunction {
  return (name, options, answer) => {
    resolve(name).then(
      (addresses) => {
        const fitting = addresses.filter(({ family }) =>
          options.family !== 4 && options.family !== 6 ? true : family === options.family,
        );
        try {
          if (!allowPrivate) checkAll(addresses);
        } catch (error) {
          return answer(error as Error, '', 0);
        }
        const [first] = fitting;
        if (first === undefined) return answer(notFound(name), '', 0);
        if (options.all === true) answer(null, [...fitting]);
        else answer(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => answer(error, '', 0),
    );
  };
}

/** A single address that is not public is enough to refuse: the owner of the name means harm, or made a mistake. */
function checkAll(addresses: readonly LookupAddress[]): void {
  if (addresses.every(({ address }) => isPublicAddress(address))) return;
  throw new UrlNotAllowedError(`The host ${PRIVATE}`);
}

/** Returns the host without the brackets of IPv6. */
function hostOf({ hostname }: URL): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

function parsed(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function notFound(name: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${name} has no address`), { code: 'ENOTFOUND' });
}
