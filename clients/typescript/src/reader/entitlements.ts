import { ClientError } from '../errors.js';
import { checkNames, type NamesOf } from '../known-names.js';
import type { LedgerError } from './ledger-error.js';
import type { QueryOf, Schema } from './paths.js';
import type { Reader } from './reader.js';

/** The usage to check. */
export type Wanted = Omit<QueryOf<'/v1/users/{user_id}/entitlement'>, 'at_least' | 'as_of'>;

export interface EntitlementsOptions {
  /** What to decide if the ledger can't be asked. */
  readonly whenUnknown: 'allow' | 'deny';
  /** How long an answer is reused, in milliseconds (default: 5,000). 0 asks every time. */
  readonly cacheMs?: number;
  /** How old an answer may be to be used if the ledger can't be asked, in milliseconds (default: 60,000). */
  readonly staleMs?: number;
  /** How many answers are kept (default: 10,000). */
  readonly maxEntries?: number;
  /** How long one request may take, in milliseconds (default: 1,000). */
  readonly timeoutMs?: number;
}

const NAMES: NamesOf<EntitlementsOptions> = {
  whenUnknown: true,
  cacheMs: true,
  staleMs: true,
  maxEntries: true,
  timeoutMs: true,
};

/** Whether a user may continue, and who decided that. */
export interface Decision {
  readonly allowed: boolean;
  /** `ledger` answered now; `cache` has its recent answer; `policy` is `whenUnknown`, if the ledger can't be asked. */
  readonly by: 'ledger' | 'cache' | 'policy';
  /** Limits, usage and reasons; `null` if the policy decided. */
  readonly entitlement: Schema<'Entitlement'> | null;
  /** Why the ledger did not answer; `null` if it did. */
  readonly error: LedgerError | null;
}

interface Entry {
  readonly entitlement: Schema<'Entitlement'>;
  readonly at: number;
}

/**
 * The status of a wrong request. It is denied even if the policy is to allow: otherwise users could get through with
 * wrong requests.
 */
const WRONG = 400;

/**
 * Checks quickly whether users may continue, and always decides: it keeps answers for a moment, shares a request among
 * equal checks, and follows `whenUnknown` while the ledger is away. A decision stops nobody: the ledger bills whatever
 * is used.
 */
export class Entitlements {
  private readonly options: Required<EntitlementsOptions>;
  /** In order of use, the least recently used first. */
  private readonly entries = new Map<string, Entry>();
  private readonly asking = new Map<string, Promise<Decision>>();
  private forgets = 0;

  /** @throws ClientError `invalid_option`. */
  constructor(
    private readonly reader: Reader,
    options: EntitlementsOptions,
  ) {
    checkNames('Entitlements', options, NAMES);
    const whenUnknown: unknown = options.whenUnknown;
    if (whenUnknown !== 'allow' && whenUnknown !== 'deny') {
      throw new ClientError('invalid_option', 'whenUnknown must be allow or deny.');
    }
    const { cacheMs = 5_000, staleMs = 60_000, maxEntries = 10_000, timeoutMs = 1_000 } = options;
    this.options = { ...options, cacheMs, staleMs, maxEntries, timeoutMs };
  }

  /** Checks whether a user may use this much more. Never throws. */
  check(user_id: string, wanted: Wanted = {}): Promise<Decision> {
    const key = keyOf(user_id, wanted);
    const kept = this.entries.get(key);
    if (kept !== undefined && performance.now() - kept.at < this.options.cacheMs) {
      this.keep(key, kept);
      return Promise.resolve(decided(kept.entitlement, 'cache'));
    }
    const asked = this.asking.get(key) ?? this.ask(key, user_id, wanted);
    this.asking.set(key, asked);
    return asked;
  }

  /** Forgets the answers for a user, such as after a change of plan. */
  forget(user_id: string): void {
    this.forgets += 1;
    const prefix = `${JSON.stringify([user_id]).slice(0, -1)},`;
    for (const map of [this.entries, this.asking]) {
      for (const key of map.keys()) if (key.startsWith(prefix)) map.delete(key);
    }
  }

  private async ask(key: string, user_id: string, wanted: Wanted): Promise<Decision> {
    const { forgets } = this;
    const signal = AbortSignal.timeout(this.options.timeoutMs);
    const answer = await this.reader.entitlement(user_id, wanted, { signal });
    this.asking.delete(key);
    if (answer.ok) {
      // If something was forgotten during the request, its answer may be out of date.
      if (forgets === this.forgets) {
        this.keep(key, { entitlement: answer.value, at: performance.now() });
      }
      return decided(answer.value, 'ledger');
    }
    const { error } = answer;
    const kept = this.entries.get(key);
    if (kept !== undefined && performance.now() - kept.at < this.options.staleMs) {
      return decided(kept.entitlement, 'cache', error);
    }
    const isWrong = error.status === WRONG || error.code === 'invalid_parameter';
    const allowed = this.options.whenUnknown === 'allow' && !isWrong;
    return { allowed, by: 'policy', entitlement: null, error };
  }

  private keep(key: string, entry: Entry): void {
    this.entries.delete(key);
    this.entries.set(key, entry);
    if (this.entries.size <= this.options.maxEntries) return;
    const [oldest] = this.entries.keys();
    if (oldest !== undefined) this.entries.delete(oldest);
  }
}

function decided(
  entitlement: Schema<'Entitlement'>,
  by: 'ledger' | 'cache',
  error: LedgerError | null = null,
): Decision {
  return { allowed: entitlement.allowed, by, entitlement, error };
}

/** Names a question by everything that is sent, so that no answer to another one is used. */
function keyOf(user_id: string, wanted: Wanted): string {
  const names = Object.keys(wanted) as (keyof Wanted)[];
  const sent = names.filter((name) => wanted[name] !== undefined).sort();
  return JSON.stringify([user_id, sent.map((name) => [name, wanted[name]])]);
}
