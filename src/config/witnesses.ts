import { readWitnessFile, type Witness } from '../lib/witness-policy';
import type { Get } from './paths';

/**
 * Reads WITNESSES_FILE: who is asked to cosign roots; nobody if it is not set. Each witness needs an address.
 * @param allowPrivate whether plain http: is accepted.
 */
export function readWitnesses(
  name: string,
  get: Get,
  allowPrivate: boolean,
  mistakes: string[],
): readonly Witness[] {
  const path = get(name);
  if (path === undefined) return [];
  try {
    const witnesses = readWitnessFile(path);
    for (const one of witnesses) checkAddress(one, allowPrivate);
    return witnesses;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === undefined ? message : `it can't be read (${code})`;
    mistakes.push(`${name} (${path}): ${why.replace(/\.$/, '')}.`);
    return [];
  }
}

function checkAddress({ label, url }: Witness, allowPrivate: boolean): void {
  if (url === null)
    throw new Error(`${label} has no address: add its URL, under which it is asked to cosign`);
  if (!URL.canParse(url)) throw new Error(`${label} has an address that is not a URL`);
  const { protocol, username, password, search, hash } = new URL(url);
  if (protocol !== 'https:' && !(allowPrivate && protocol === 'http:')) {
    throw new Error(`The address of ${label} must begin with https://`);
  }
  if (username !== '' || password !== '' || search !== '' || hash !== '') {
    throw new Error(`The address of ${label} must have no user, password, query or fragment`);
  }
}
