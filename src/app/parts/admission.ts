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

/** Who may come in, and what they are given to find their place again. */
interface Door {
  readonly authenticator: Authenticator;
  readonly seal: CursorSeal;
}

/** Who may come in, opened. */
export interface Admission {
  readonly door: Door;
  readonly ring: KeyRing;
  /** What admins do with keys. */
  readonly keys: KeyAdministration;
  /** The file with the first keys, while it is there. */
  readonly firstKeys: string | undefined;
}

/**
 * Opens the door: makes the first keys if there never was one, and keeps what nobody configured from being reached from
 * elsewhere.
 * @throws ConfigError if the address is not loopback and nobody was given a key, or if JWKS_URL answers no key set.
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
  // No other instance makes or revokes keys if it can't serve the same ledger.
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
    `HOST is "${host}", which others can reach, and there is no API key that could be used. Make keys first, with the command keys init (one a role) or keys add; or set JWKS_URL, to take the tokens of an issuer. Or set HOST=127.0.0.1.`,
  ]);
}
