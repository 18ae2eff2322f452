import { lookup as lookUp } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';

import { isPublicAddress } from './addresses';

/** All addresses of a name. @throws Error with a code such as ENOTFOUND. */
export type Resolve = (name: string) => Promise<readonly LookupAddress[]>;

const resolveBySystem: Resolve = (name) => lookUp(name, { all: true });

/** What keeps a webhook from leading into the operator's own network. */
export interface Border {
  /** Whether any address will do, and plain http: for tests. */
  readonly allowPrivate: boolean;
  readonly resolve: Resolve;
}

export function borderOf(allowPrivate: boolean, resolve = resolveBySystem): Border {
  return { allowPrivate, resolve };
}

/** A webhook's URL leads where none may lead. */
export class UrlNotAllowedError extends Error {
  readonly code = 'WEBHOOK_URL_NOT_ALLOWED';
}

export const LONGEST_URL = 2_048;
const PRIVATE =
  'leads to a private, loopback or link-local address. Webhooks go to public addresses only';

/**
 * A webhook's URL, once it was checked; decimal, octal and hexadecimal hosts are then dotted ones.
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
 * Checks a URL that somebody wants to save: what its host resolves to, too. A name that can not be resolved now is
 * taken: it is looked up again at every connection.
 * @throws UrlNotAllowedError.
 */
export async function checkToSave(text: string, border: Border): Promise<string> {
  const url = checkedUrl(text, border);
  if (border.allowPrivate || isIP(hostOf(url)) !== 0) return url.href;
  const addresses = await border.resolve(hostOf(url)).catch(() => []);
  checkAll(addresses);
  return url.href;
}

/** Looks a name up for a connection, which is made to these very addresses: another answer to another look-up changes nothing. */
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

/** One that is not public is enough: who owns the name does not mean well, or does not know. */
function checkAll(addresses: readonly LookupAddress[]): void {
  if (addresses.every(({ address }) => isPublicAddress(address))) return;
  throw new UrlNotAllowedError(`The host ${PRIVATE}`);
}

/** A host without the brackets of IPv6. */
function hostOf({ hostname }: URL): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

function parsed(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function notFound(name: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${name} has no address`), { code: 'ENOTFOUND' });
}
