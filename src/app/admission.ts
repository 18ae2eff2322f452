import { existsSync } from 'node:fs';

import { ConfigError, type Config } from '../config/config';
import { isLoopback } from '../config/loopback';
import type { Clock } from '../lib/clock';
import { Credentials } from '../security/http/credentials';
import { CursorSeal } from '../security/http/cursor-seal';
import { NoKeySetError, RemoteKeys } from '../security/jwt/jwks';
import { Tokens } from '../security/jwt/tokens';
import { isUsable, type ApiKeys } from '../security/keys/api-keys';
import { firstKeysFile, makeFirstKeys } from '../security/keys/first-keys';
import { KeyRing } from '../security/keys/key-ring';
import type { Door } from './http-server';

/** Who may come in, opened. */
export interface Admission {
  readonly door: Door;
  readonly ring: KeyRing;
  /** The file with the first keys, while it is there. */
  readonly firstKeys: string | undefined;
  close(): Promise<void>;
}

/**
 * Opens the door: makes the first keys if there never was one, and keeps what nobody configured from being reached from
 * elsewhere.
 * @param alone whether no other instance can serve the same ledger.
 * @throws ConfigError if the address is not loopback and nobody was given a key, or if JWKS_URL answers no key set.
 */
export async function openAdmission(
  { host, dataDir, tokens: choice }: Pick<Config, 'host' | 'dataDir' | 'tokens'>,
  keys: ApiKeys,
  clock: Clock,
  alone: boolean,
  report: (error: unknown) => void,
): Promise<Admission> {
  const now = clock.now();
  if (!isLoopback(host) && choice === undefined) checkConfigured(host, await keys.list(), now);
  await makeFirstKeys(keys, dataDir, now);
  const file = firstKeysFile(dataDir);
  const firstKeys = existsSync(file) ? file : undefined;
  const ring = await KeyRing.open(keys, clock, { believeKnown: alone, report });
  const issuer = choice && new RemoteKeys(new URL(choice.jwksUrl), report);
  const close = async () => {
    issuer?.close();
    await ring.close();
  };
  try {
    await issuer?.begin();
    const tokens = choice && issuer && new Tokens(issuer, choice, clock);
    const authenticator = new Credentials(ring, tokens);
    const door = { authenticator, seal: new CursorSeal(await keys.pepper()) };
    return { door, ring, firstKeys, close };
  } catch (error) {
    await close();
    if (!(error instanceof NoKeySetError)) throw error;
    throw new ConfigError([`${error.message} Check the address.`]);
  }
}

function checkConfigured(
  host: string,
  keys: Awaited<ReturnType<ApiKeys['list']>>,
  now: number,
): void {
  if (keys.some((key) => isUsable(key, now))) return;
  throw new ConfigError([
    `HOST is "${host}", which others can reach, and there is no API key that could be used. Make keys first: minutebook keys init (one a role), or minutebook keys add; or set JWKS_URL, to take the tokens of an issuer. Or set HOST=127.0.0.1.`,
  ]);
}
