import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

import { boundedText } from '../../lib/bounded-text';
import { Problem } from '../../http/problem';

/** How long a key set is used before it is fetched again, and how long if fetching fails, in milliseconds. */
const FRESH_MS = 5 * 60_000;
const BELIEVED_MS = 24 * 3_600_000;
/** The minimum time between two fetches, in milliseconds: tokens with unknown keys must not cause more. */
const COOL_DOWN_MS = 10_000;
const ANSWER_MS = 5_000;
const MAX_BYTES = 1024 * 1024;

/** JWKS_URL does not return a JSON Web Key Set. Trying again does not help. */
export class NoKeySetError extends Error {
  constructor(readonly reason: string) {
    super(`JWKS_URL does not return a JSON Web Key Set: ${reason}.`);
    this.name = 'NoKeySetError';
  }
}

interface Known {
  readonly find: JWTVerifyGetKey;
  /** When the set was fetched, on the monotonic clock. */
  readonly since: number;
}

/**
 * The keys that tokens are signed with, fetched from an address. They change, so an old set is replaced in the
 * background, and a set that lacks a token's key is fetched again. If the address does not answer, the known keys stay
 * in use for a day.
 */
export class RemoteKeys {
  private known: Known | undefined;
  private askedAt = -Infinity;
  private failing = false;
  private asking: Promise<void> | undefined;
  private readonly stopping = new AbortController();

  /** @param report called once when the set can no longer be fetched. */
  constructor(
    private readonly url: URL,
    private readonly report: (error: unknown) => void,
    private readonly fetch: typeof globalThis.fetch = globalThis.fetch,
  ) {}

  /**
   * Fetches the set, at start.
   * @throws NoKeySetError if the answer is not a key set. If there is no answer, that is reported, and tokens can't be
   * checked until there is one.
   */
  async begin(): Promise<void> {
    await this.ask().catch((error: unknown) => {
      if (error instanceof NoKeySetError) throw error;
    });
  }

  /**
   * Finds the key of a token, in the form that jose expects.
   * @throws JWKSNoMatchingKey if the set has none; Problem `store_unavailable` if that is uncertain.
   */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    const known = await this.usable();
    try {
      return await known.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || this.isCooling()) throw this.told(error);
      await this.ask().catch(() => undefined);
      if (this.failing) throw unavailable();
      return (this.known ?? known).find(header, token);
    }
  };

  close(): void {
    this.stopping.abort();
  }

  /** Turns a missing key into a temporary problem while no newer set can be fetched: a newer one may have the key. */
  private told(error: unknown): unknown {
    return this.failing && error instanceof errors.JWKSNoMatchingKey ? unavailable() : error;
  }

  private async usable(): Promise<Known> {
    const age = performance.now() - (this.known?.since ?? -Infinity);
    if (this.known !== undefined && age < BELIEVED_MS) {
      if (age > FRESH_MS && !this.isCooling()) void this.ask().catch(() => undefined);
      return this.known;
    }
    if (!this.isCooling()) await this.ask().catch(() => undefined);
    if (this.known === undefined || performance.now() - this.known.since > BELIEVED_MS) {
      throw unavailable();
    }
    return this.known;
  }

  private isCooling(): boolean {
    return this.asking === undefined && performance.now() - this.askedAt < COOL_DOWN_MS;
  }

  /** Fetches the set. Only one fetch runs at a time. */
  private ask(): Promise<void> {
    return (this.asking ??= this.askOnce().finally(() => (this.asking = undefined)));
  }

  private async askOnce(): Promise<void> {
    this.askedAt = performance.now();
    try {
      const set = await this.read();
      this.known = { find: createLocalJWKSet(set), since: performance.now() };
      this.failing = false;
    } catch (error) {
      if (!this.failing && !this.stopping.signal.aborted) this.report(error);
      this.failing = true;
      throw error;
    }
  }

  /** @throws NoKeySetError, or the error that kept the address from answering. */
  private async read(): Promise<JSONWebKeySet> {
    const patience = AbortSignal.timeout(ANSWER_MS);
    const response = await this.fetch(this.url, {
      headers: { accept: 'application/jwk-set+json, application/json' },
      redirect: 'error',
      signal: AbortSignal.any([patience, this.stopping.signal]),
    });
    if (response.status >= 400 && response.status < 500 && response.status !== 429) {
      throw new NoKeySetError(`the status is ${response.status}`);
    }
    if (!response.ok) throw new Error(`JWKS_URL answers ${response.status}.`);
    return parse(await textOf(response));
  }
}

async function textOf(response: Response): Promise<string> {
  const text = await boundedText(response, MAX_BYTES);
  if (text === undefined) throw new NoKeySetError('it is larger than 1 MiB');
  return text;
}

function parse(text: string): JSONWebKeySet {
  let set: unknown;
  try {
    set = JSON.parse(text);
  } catch {
    throw new NoKeySetError('it is not JSON');
  }
  const { keys } = (set ?? {}) as { keys?: unknown };
  if (!Array.isArray(keys)) throw new NoKeySetError('it has no list of keys');
  const usable = keys.filter(isPublicKey);
  if (usable.length === 0) throw new NoKeySetError('none of its keys is public');
  return { keys: usable };
}

/** Symmetric keys are not accepted, and a private key does not belong in a set. */
function isPublicKey(key: unknown): key is JSONWebKeySet['keys'][number] {
  if (typeof key !== 'object' || key === null) return false;
  const { kty, d } = key as { kty?: unknown; d?: unknown };
  return d === undefined && (kty === 'RSA' || kty === 'EC' || kty === 'OKP');
}

function unavailable(): Problem {
  return new Problem(
    'store_unavailable',
    "Tokens can't be checked now, because their issuer does not answer. Send the same request again.",
  );
}
