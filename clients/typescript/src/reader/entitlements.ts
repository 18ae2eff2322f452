import { ClientError } from '../errors.js';
import { checkNames, type NamesOf } from '../known-names.js';
import type { LedgerError } from './ledger-error.js';
import type { QueryOf, Schema } from './paths.js';
import type { Reader } from './reader.js';

/** What is about to be used. */
export type Wanted = Omit<QueryOf<'/v1/users/{user_id}/entitlement'>, 'at_least' | 'as_of'>;

export interface EntitlementsOptions {
  /** What to do when the ledger can't be asked: let people go on, or not. */
  readonly whenUnknown: 'allow' | 'deny';
  /** How long an answer is used again, in milliseconds; 5,000. 0: it is asked each time. */
  readonly cacheMs?: number;
  /** How old an answer may be that is used when the ledger can't be asked, in milliseconds; 60,000. */
  readonly staleMs?: number;
  /** How many answers are kept; 10,000. */
  readonly maxEntries?: number;
  /** How long one question may take, in milliseconds; 1,000. */
  readonly timeoutMs?: number;
}

const NAMES: NamesOf<EntitlementsOptions> = {
  whenUnknown: true,
  cacheMs: true,
  staleMs: true,
  maxEntries: true,
  timeoutMs: true,
};

/** Whether somebody may go on, and where that comes from. */
export interface Decision {
  readonly allowed: boolean;
  /** `ledger`: it was asked now; `cache`: it was asked lately; `policy`: it can't be asked, and `whenUnknown` decides. */
  readonly by: 'ledger' | 'cache' | 'policy';
  /** Limits, what is used of them, and reasons; `null` if the policy decided. */
  readonly entitlement: Schema<'Entitlement'> | null;
  /** Why the ledger was not asked, or did not answer; else `null`. */
  readonly error: LedgerError | null;
}

interface Entry {
  readonly entitlement: Schema<'Entitlement'>;
  readonly at: number;
}

/** A question that is wrong can't be allowed by an open policy: whoever makes it wrong would get through. */
const WRONG = 400;

/**
 * Asks whether users may go on, quickly and whatever happens: answers are kept for a moment, those who ask the same at once share
 * a question, and when the ledger is away it is as the caller said. It informs; the ledger bills what is used all the same.
 */
export class Entitlements {
  private readonly options: Required<EntitlementsOptions>;
  /** In the order in which they were used, the longest unused first. */
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
      throw new ClientError('invalid_option', 'whenUnknown is allow or deny: say which.');
    }
    const { cacheMs = 5_000, staleMs = 60_000, maxEntries = 10_000, timeoutMs = 1_000 } = options;
    this.options = { ...options, cacheMs, staleMs, maxEntries, timeoutMs };
  }

  /** Whether a user may use so much more. Never throws. */
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

  /** Forgets what is known of a user, such as after a change of plan. */
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
      // An answer of before something was forgotten may be the old one.
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

function keyOf(user_id: string, wanted: Wanted): string {
  const { minutes = null, file_size_bytes = null, export_format = null } = wanted;
  return JSON.stringify([user_id, minutes, file_size_bytes, export_format]);
}
