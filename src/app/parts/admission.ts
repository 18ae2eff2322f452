import { existsSync } from 'node:fs';

import { ConfigError } from '../../config/config';
import { isLoopback } from '../../config/loopback';
import { Credentials } from '../../security/http/credentials';
import { CursorSeal } from '../../security/http/cursor-seal';
import type { Authenticator } from '../../security/http/guard';
import { NoKeySetError, RemoteKeys } from '../../security/jwt/jwks';
import { Tokens } from '../../security/jwt/tokens';
import { isUsable, type ApiKeys } from '../../security/keys/api-keys';
import { firstKeysFile, makeFirstKeys } from '../../security/keys/first-keys';
import { KeyAdministration } from '../../security/keys/key-administration';
import { KeyRing } from '../../security/keys/key-ring';
import type { Parts } from './parts';
import { reportTo, type Start } from './start';

/** Decides who may call the service, and seals the cursors of its pages. */
interface Door {
  readonly authenticator: Authenticator;
  readonly seal: CursorSeal;
}

/** The parts that decide who may call the service, and manage its keys. */
export interface Admission {
  readonly door: Door;
  readonly ring: KeyRing;
  /** Lists, makes and revokes keys for admins. */
  readonly keys: KeyAdministration;
  /** The path of the file with the first keys, if it exists. */
  readonly firstKeys: string | undefined;
}

/**
 * Lets callers in. Makes first keys if there never were any. Refuses an address that others can reach until somebody
 * has made a key or set JWKS_URL.
 * @throws ConfigError if others can reach the address and there is no usable key, or if JWKS_URL returns no key set.
 */
export async function openAdmission(
  { config, clock, now, opened }: Start,
  { storage }: Pick<Parts, 'storage'>,
): Promise<Admission> {
  const { host, dataDir, tokens: choice } = config;
  const { apiKeys } = storage.vault;
  const report = reportTo('keys');
  if (!isLoopback(host) && choice === undefined) checkConfigured(host, await apiKeys.list(), now());
  await makeFirstKeys(apiKeys, dataDir, now());
  const file = firstKeysFile(dataDir);
  // No other instance can serve this ledger, so none revokes keys. (The command `keys` could.)
  const believeKnown = !storage.store.shared;
  const ring = opened.keep(await KeyRing.open(apiKeys, clock, { believeKnown, report }));
  const issuer = choice && opened.keep(new RemoteKeys(new URL(choice.jwksUrl), report));
  await issuer?.begin().catch(asConfigError);
  const tokens = choice && issuer && new Tokens(issuer, choice, clock);
  const authenticator = new Credentials(ring, tokens);
  return {
    door: { authenticator, seal: new CursorSeal(await apiKeys.pepper()) },
    ring,
    keys: new KeyAdministration(apiKeys, now, () => ring.forget()),
    firstKeys: existsSync(file) ? file : undefined,
  };
}

function asConfigError(error: unknown): never {
  if (!(error instanceof NoKeySetError)) throw error;
  throw new ConfigError([`${error.message} Check the address.`]);
}

function checkConfigured(
  host: string,
  keys: Awaited<ReturnType<ApiKeys['list']>>,
  now: number,
): void {
  if (keys.some((key) => isUsable(key, now))) return;
  throw new ConfigError([
    `HOST is "${host}", which others can reach, and there is no usable API key. Make keys first, with the command keys init (one per role) or keys add. Or set JWKS_URL, to accept the tokens of an issuer, or HOST=127.0.0.1.`,
  ]);
}
