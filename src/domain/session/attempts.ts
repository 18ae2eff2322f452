import {
  OUTCOMES,
  type FactData,
  type PersonalData,
  type RecordedFact,
  type SealedPersonal,
} from '../events/facts';

export const TRANSCRIPTION_TYPES = ['original', 'retry_success', 'retry_failed'] as const;
export type TranscriptionType = (typeof TRANSCRIPTION_TYPES)[number];

/** One try at a session, derived from its facts in any order of arrival. */
export interface Attempt {
  readonly attempt: number;
  readonly status: 'completed' | 'failed' | 'open';
  /** Set only for a completed attempt; `null` while the attempt before it is open. */
  readonly type: TranscriptionType | null;
  readonly outcome: RecordedFact | undefined;
  /** The earliest `started` fact's time, in milliseconds since 1970. */
  readonly startedAt: number | null;
  /** Whether any earlier attempt of the session is open. */
  readonly earlierOpen: boolean;
  /** Whether an earlier attempt completed with more than 0 seconds. */
  readonly earlierSuccess: boolean;
}

/** How far the clocks of two workers may differ, in milliseconds (docs/reference/rules.md#attempt-4). */
const CLOCK_TOLERANCE_MS = 5_000;

/** The facts that decide about one attempt: its outcome, and the earliest facts of the other kinds. */
interface Deciding {
  outcome: RecordedFact | undefined;
  started: RecordedFact | undefined;
  retried: RecordedFact | undefined;
}

/**
 * The facts that decide about a session's attempts. Adding one costs the same however many there are: nothing bounds
 * how often a worker may report that an attempt started.
 */
export class DecidingFacts {
  private readonly byNumber = new Map<number, Deciding>();

  add(fact: RecordedFact): void {
    const { attempt } = fact.data;
    let own = this.byNumber.get(attempt);
    if (own === undefined) {
      own = { outcome: undefined, started: undefined, retried: undefined };
      this.byNumber.set(attempt, own);
    }
    switch (fact.kind) {
      case 'started':
        own.started = earlier(own.started, fact);
        break;
      case 'retried':
        own.retried = earlier(own.retried, fact);
        break;
      case 'completed':
      case 'failed':
        own.outcome = fact;
        break;
      default:
        // Each kind must be handled above: the compiler reports one that is not.
        fact.kind satisfies never;
    }
  }

  /**
   * Derives the attempts, from 1 to the last that a fact names. An attempt that no fact names exists all the same,
   * without an outcome.
   */
  attempts(): Attempt[] {
    const { byNumber } = this;
    const last = Math.max(0, ...byNumber.keys());
    const attempts: Attempt[] = [];
    let earlierOpen = false;
    let earlierSuccess = false;
    for (let number = 1; number <= last; number += 1) {
      const own = byNumber.get(number);
      const status = statusOf(own, byNumber.get(number + 1));
      const type = status === 'completed' ? typeOf(own!, attempts.at(-1)) : null;
      attempts.push({
        attempt: number,
        status,
        type,
        outcome: own?.outcome,
        startedAt: own?.started?.time ?? null,
        earlierOpen,
        earlierSuccess,
      });
      earlierOpen ||= status === 'open';
      earlierSuccess ||= status === 'completed' && own!.outcome!.data.duration_seconds !== '0';
    }
    return attempts;
  }
}

/** Derives the attempts of a session from its facts in any order. */
export function deriveAttempts(facts: Iterable<RecordedFact>): Attempt[] {
  const deciding = new DecidingFacts();
  for (const fact of facts) deciding.add(fact);
  return deciding.attempts();
}

/** Returns the type that the next attempt would have if it completed without a retry request. */
export function nextType(attempts: readonly Attempt[]): TranscriptionType | null {
  const before = attempts.at(-1);
  if (before === undefined) return 'original';
  if (before.status === 'open') return null;
  return before.status === 'failed' ? 'retry_failed' : 'retry_success';
}

/**
 * Returns an attempt's status. Without an outcome, it counts as failed once a `retried` or `started` fact names its
 * successor.
 */
function statusOf(own: Deciding | undefined, next: Deciding | undefined): Attempt['status'] {
  if (own?.outcome !== undefined) return OUTCOMES[own.outcome.kind]!;
  return next?.started !== undefined || next?.retried !== undefined ? 'failed' : 'open';
}

function typeOf(own: Deciding, before: Attempt | undefined): TranscriptionType | null {
  if (before === undefined) return 'original';
  if (before.status === 'open') return null;
  if (before.status === 'failed') return 'retry_failed';
  const asked = own.retried ?? own.started;
  const finishedInTime =
    asked === undefined || before.outcome!.time <= asked.time + CLOCK_TOLERANCE_MS;
  return finishedInTime ? 'retry_success' : 'retry_failed';
}

/** Returns the earlier of two facts of a kind: by time, then source, then id (docs/reference/rules.md#attempt-5). */
function earlier(one: RecordedFact | undefined, other: RecordedFact): RecordedFact {
  return one === undefined || byTime(other, one) < 0 ? other : one;
}

function byTime(a: RecordedFact, b: RecordedFact): number {
  return a.time - b.time || byCodePoint(a.source, b.source) || byCodePoint(a.id, b.id);
}

/** Compares as UTF-8, which sorts by code point. JavaScript sorts by UTF-16, which puts U+1F600 before U+FB00. */
function byCodePoint(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

const DESCRIBING = ['completed', 'started', 'retried'] as const;

/**
 * An attempt's descriptive fields as a log keeps them. Personal values are either readable, or the sealed text that
 * holds them.
 */
export interface Described extends Partial<FactData>, PersonalData {
  readonly filename_in?: SealedText;
  readonly metadata_in?: SealedText;
}

/** A sealed text, and the id of its key. */
export type SealedText = Pick<SealedPersonal, 'key' | 'sealed'>;

/**
 * Returns the descriptive fields of an attempt: each from `completed`, else `started`, else `retried`. Of several facts
 * of a kind, the earliest that has the field counts.
 * @param erasedUpTo the position of the user's last erasure: personal values in facts before it are ignored.
 */
export function describe(
  facts: readonly RecordedFact[],
  attempt: number,
  erasedUpTo: number,
): Described {
  const own = facts.filter((fact) => fact.data.attempt === attempt);
  if (own.length > 1) own.sort(byTime);
  const described: Record<string, unknown> = {};
  for (const kind of DESCRIBING) {
    for (const fact of own) {
      if (fact.kind !== kind) continue;
      fillIn(described, fact.data);
      if (fact.position > erasedUpTo) fillInPersonal(described, fact);
    }
  }
  return described;
}

/** The log field that holds the sealed text of each personal field. */
const SEALED_IN = { original_filename: 'filename_in', provider_metadata: 'metadata_in' } as const;

function fillInPersonal(described: Record<string, unknown>, { personal, sealed }: RecordedFact) {
  for (const name of ['original_filename', 'provider_metadata'] as const) {
    if (described[name] !== undefined || described[SEALED_IN[name]] !== undefined) continue;
    if (personal[name] !== undefined) described[name] = personal[name];
    else if (sealed?.fields.includes(name) === true) {
      described[SEALED_IN[name]] = { key: sealed.key, sealed: sealed.sealed };
    }
  }
}

function fillIn(described: Record<string, unknown>, fields: object): void {
  for (const [name, value] of Object.entries(fields)) described[name] ??= value;
}
