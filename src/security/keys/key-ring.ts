import { timingSafeEqual } from 'node:crypto';

import { printInstant } from '../../domain/time';
import { Problem } from '../../http/problem';
import { BoundedMap } from '../../lib/bounded-map';
import { Clock } from '../../lib/clock';
import type { Caller } from '../caller';
import type { Role } from '../roles';
import { unauthorized } from '../unauthorized';
import type { ApiKey, ApiKeys, HashedKey } from './api-keys';
import { hashKey, isKeyText } from './key-text';
import { makeKey } from './new-key';

/**
 * How often the ring checks for revocations, and how old its last check may be, in milliseconds: a revocation takes
 * effect within two seconds.
 */
const LOOK_MS = 400;
const FRESH_MS = 1_500;
/** How many keys are cached: the most recently used ones. */
const REMEMBERED = 10_000;
/** How many keys that are not cached are looked up at once. Anybody can invent a key that needs a lookup. */
const LOOKUPS = 16;
const DAY_MS = 86_400_000;

/** A key that was looked up, or that belongs to this process alone. */
interface Known extends HashedKey {
  readonly caller: Caller;
  /** The last day on which it was used here, counted from 1970. */
  usedOn: number;
}

export interface KeyRingOptions {
  /**
   * Whether to accept known keys while the store of keys can't be reached. Safe if no other instance serves the ledger.
   */
  readonly believeKnown: boolean;
  /** Receives errors that happen in the background. */
  readonly report: (error: unknown) => void;
}

/** Finds out who holds a key. Caches keys in use, and clears the cache as soon as anybody revokes one. */
export class KeyRing {
  private readonly known = new BoundedMap<string, Known>(REMEMBERED);
  /** This process's own keys, stored nowhere. */
  private readonly own = new Map<string, Known>();
  private unsaved = new Map<string, string>();
  private revocations: number;
  /** Grows whenever the cache is cleared, so that a lookup that began earlier is not cached. */
  private generation = 0;
  private lookedAt: number;
  /** Whether the last check failed. A failure is reported once. */
  private troubled = false;
  private looking: Promise<void> | undefined;
  /** The lookups under way, by key. */
  private finding = new Map<string, Promise<HashedKey | undefined>>();
  /** Whether saving the days of use failed last time. That, too, is reported once. */
  private unsavable = false;
  private saving: Promise<void> | undefined;
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly keys: ApiKeys,
    private readonly pepper: Buffer,
    revocations: number,
    private readonly clock: Clock,
    private readonly options: KeyRingOptions,
  ) {
    this.revocations = revocations;
    this.lookedAt = performance.now();
    this.timer = setInterval(() => {
      this.look().then(
        () => void this.save(),
        () => undefined,
      );
    }, LOOK_MS).unref();
  }

  static async open(keys: ApiKeys, clock: Clock, options: KeyRingOptions): Promise<KeyRing> {
    const revocations = await keys.revocations();
    return new KeyRing(keys, await keys.pepper(), revocations, clock, options);
  }

  /**
   * Returns who holds a key: at once if the key is cached, else after a lookup.
   * @throws Problem `unauthorized` if the key opens nothing (or rejects with it); rejects if the store can't be
   * reached.
   */
  callerOf(text: string): Caller | Promise<Caller> {
    if (!isKeyText(text))
      throw unauthorized('This is not a Minutebook key: part of it is missing or mistyped.');
    const hash = hashKey(this.pepper, text);
    const name = hash.toString('base64');
    const own = this.own.get(name);
    if (own !== undefined) return own.caller;
    const known = this.known.get(name);
    if (known !== undefined && this.isTrusted()) return this.use(known);
    return this.lookUp(hash, name);
  }

  /** Makes a key that only this process knows, and that ends with the process. */
  makeOwn(role: Role, name: string): string {
    const unbound = { source: null, userId: null, expiresAt: null };
    const { hashed, text } = makeKey({ role, name, ...unbound }, this.pepper, this.clock.now());
    this.own.set(hashed.hash.toString('base64'), knownOf(hashed));
    return text;
  }

  /** Clears the cache, because a key was revoked here. */
  forget(): void {
    this.generation += 1;
    this.known.clear();
    // Whoever asks from now on must not share a lookup that began before.
    this.finding = new Map();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.looking?.catch(() => undefined);
    await this.saving;
    await this.save();
  }

  /** Whether the cache can be trusted without another check. */
  private isTrusted(): boolean {
    if (this.troubled && this.options.believeKnown) return true;
    return performance.now() - this.lookedAt < FRESH_MS;
  }

  private async lookUp(hash: Buffer, name: string): Promise<Caller> {
    const known = this.known.get(name);
    if (known !== undefined) {
      await this.look().catch((error: unknown) => {
        if (!this.options.believeKnown) unavailable(error);
      });
      // Use the cached key unless the check has just cleared the cache.
      if (this.known.get(name) === known) return this.use(known);
    }
    const { generation } = this;
    const found = await this.find(hash, name);
    if (found === undefined || !timingSafeEqual(found.hash, hash)) {
      throw unauthorized('There is no such key.');
    }
    const looked = knownOf(found);
    if (generation === this.generation) this.known.set(name, looked);
    return this.use(looked);
  }

  /** Looks a key up, once for all who send it meanwhile. */
  private find(hash: Buffer, name: string): Promise<HashedKey | undefined> {
    const { finding } = this;
    const shared = finding.get(name);
    if (shared !== undefined) return shared;
    if (finding.size >= LOOKUPS) {
      throw new Problem(
        'overloaded',
        'Too many keys that were not used lately are being looked up. Nothing was recorded: send the request again.',
      );
    }
    const found = this.keys.find(hash).catch(unavailable);
    finding.set(name, found);
    const end = () => finding.delete(name);
    found.then(end, end);
    return found;
  }

  private use(known: Known): Caller {
    const { key } = known;
    const now = this.clock.now();
    if (key.revokedAt !== null) throw unauthorized('The key was revoked.');
    if (key.expiresAt !== null && key.expiresAt <= now) {
      throw unauthorized(`The key expired at ${printInstant(key.expiresAt)}.`);
    }
    const day = Math.floor(now / DAY_MS);
    if (known.usedOn < day) {
      known.usedOn = day;
      this.unsaved.set(key.id, printInstant(now).slice(0, 10));
    }
    return known.caller;
  }

  /** Checks whether a key was revoked since the last check; one check at a time. */
  private look(): Promise<void> {
    return (this.looking ??= this.lookOnce().finally(() => (this.looking = undefined)));
  }

  private async lookOnce(): Promise<void> {
    const began = performance.now();
    const revocations = await this.keys.revocations().catch((error: unknown) => {
      if (!this.troubled) this.options.report(error);
      this.troubled = true;
      throw error;
    });
    this.troubled = false;
    if (revocations !== this.revocations) this.forget();
    this.revocations = revocations;
    this.lookedAt = began;
  }

  /** Saves the days of use, one write at a time. Nothing waits for that except {@link close}. */
  private save(): Promise<void> {
    return (this.saving ??= this.saveOnce().finally(() => (this.saving = undefined)));
  }

  private async saveOnce(): Promise<void> {
    if (this.unsaved.size === 0) return;
    const days = this.unsaved;
    this.unsaved = new Map();
    try {
      await this.keys.used(days);
      this.unsavable = false;
    } catch (error) {
      this.unsaved = new Map([...days, ...this.unsaved]);
      if (!this.unsavable) this.options.report(error);
      this.unsavable = true;
    }
  }
}

function unavailable(cause: unknown): never {
  throw Object.assign(
    new Problem(
      'store_unavailable',
      "Keys can't be checked now. Nothing was recorded: send the request again.",
    ),
    { cause },
  );
}

function knownOf(hashed: HashedKey): Known {
  return { ...hashed, caller: callerOf(hashed.key), usedOn: dayOf(hashed.key) };
}

function dayOf({ lastUsedOn }: ApiKey): number {
  return lastUsedOn === null ? -1 : Math.floor(Date.parse(lastUsedOn) / DAY_MS);
}

function callerOf({ id, name, role, source, userId }: ApiKey): Caller {
  return { id, author: name, roles: [role], source, userId };
}
