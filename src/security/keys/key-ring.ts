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

/** How often it is looked whether a key was revoked, and how old that look may be: a revocation holds within two seconds. */
const LOOK_MS = 400;
const FRESH_MS = 1_500;
/** How many keys are remembered: those that were used last. */
const REMEMBERED = 10_000;
const DAY_MS = 86_400_000;

/** A key that was looked up, or is of this process alone. */
interface Known extends HashedKey {
  readonly caller: Caller;
  /** The last day, since 1970, on which it was used here. */
  usedOn: number;
}

export interface KeyRingOptions {
  /** Whether keys that are known are believed while the place of the keys can't be asked: nobody else serves the ledger. */
  readonly believeKnown: boolean;
  /** Told of what went wrong meanwhile. */
  readonly report: (error: unknown) => void;
}

/** Tells who holds a key. Keys in use are remembered, and forgotten as soon as one is revoked, whoever did it. */
export class KeyRing {
  private readonly known = new BoundedMap<string, Known>(REMEMBERED);
  /** This process's own keys, stored nowhere. */
  private readonly own = new Map<string, Known>();
  private unsaved = new Map<string, string>();
  private revocations: number;
  /** Grows whenever keys are forgotten: what was being looked up then is not remembered. */
  private generation = 0;
  private lookedAt: number;
  /** Whether the last look failed: that is reported once. */
  private troubled = false;
  private looking: Promise<void> | undefined;
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
    this.timer = setInterval(() => void this.look().catch(() => undefined), LOOK_MS).unref();
  }

  static async open(keys: ApiKeys, clock: Clock, options: KeyRingOptions): Promise<KeyRing> {
    const revocations = await keys.revocations();
    return new KeyRing(keys, await keys.pepper(), revocations, clock, options);
  }

  /**
   * Who holds a key: at once if it is known, else once it was looked up.
   * @throws Problem `unauthorized` if it opens nothing (and rejects with it); rejects with what keeps the keys from being asked.
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

  /** A key that only this process knows, and that ends with it. */
  makeOwn(role: Role, name: string): string {
    const unbound = { source: null, userId: null, expiresAt: null };
    const { hashed, text } = makeKey({ role, name, ...unbound }, this.pepper, this.clock.now());
    this.own.set(hashed.hash.toString('base64'), knownOf(hashed));
    return text;
  }

  /** Everything is looked up again: a key was revoked here. */
  forget(): void {
    this.generation += 1;
    this.known.clear();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.looking?.catch(() => undefined);
    await this.save().catch(this.options.report);
  }

  /** Whether what is known can be relied on without another look. */
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
      // Unless it was forgotten just now.
      if (this.known.get(name) === known) return this.use(known);
    }
    const { generation } = this;
    const found = await this.keys.find(hash).catch(unavailable);
    if (found === undefined || !timingSafeEqual(found.hash, hash)) {
      throw unauthorized('There is no such key.');
    }
    const looked = knownOf(found);
    if (generation === this.generation) this.known.set(name, looked);
    return this.use(looked);
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

  /** Whether a key was revoked since; one look at a time. */
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
    await this.save().catch(this.options.report);
  }

  private async save(): Promise<void> {
    if (this.unsaved.size === 0) return;
    const days = this.unsaved;
    this.unsaved = new Map();
    try {
      await this.keys.used(days);
    } catch (error) {
      this.unsaved = new Map([...days, ...this.unsaved]);
      throw error;
    }
  }
}

function unavailable(cause: unknown): never {
  throw Object.assign(
    new Problem(
      'store_unavailable',
      'Keys can not be checked now. Nothing was taken: send it again.',
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
