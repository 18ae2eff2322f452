import type { CloudEvent, LedgerEntry } from './ledger';
import { readInstant } from './months';
import { Rational } from './rational';

type FactKind = 'started' | 'completed' | 'failed' | 'retried';

/** A producer's fact after normalising, with defaults filled in (docs/reference/rules.md#event-3). */
export interface Fact {
  readonly kind: FactKind;
  readonly source: string;
  readonly id: string;
  readonly time: number;
  readonly session_id: string;
  readonly user_id: string;
  readonly attempt: number;
  readonly data: Readonly<Record<string, unknown>>;
}

const DECIMALS = ['duration_seconds', 'processing_time_seconds'];

/**
 * Reads a valid CloudEvent as a fact. Null is the same as left out, `attempt` and `channels` default to 1, and
 * providers are lower-cased. Seconds may be numbers or strings, and become decimal texts that compare by value.
 */
export function readFact(event: CloudEvent): Fact {
  const fact = read.get(event) ?? normalised(event);
  read.set(event, fact);
  return fact;
}

/** Reading is pure, so its results are cached: the reference needs each event again for every prefix of the ledger. */
const read = new WeakMap<CloudEvent, Fact>();

function normalised(event: CloudEvent): Fact {
  const kind = event.type.replace('transcription.session.', '') as FactKind;
  const data: Record<string, unknown> = { attempt: 1 };
  if (kind === 'completed') data['channels'] = 1;
  for (const [field, value] of Object.entries(event.data)) {
    if (value === null || value === undefined) continue;
    data[field] = DECIMALS.includes(field)
      ? Rational.parse(value as string | number).toWire()
      : field === 'stt_provider'
        ? (value as string).toLowerCase()
        : value;
  }
  return {
    kind,
    source: event.source,
    id: event.id,
    time: readInstant(event.time),
    session_id: data['session_id'] as string,
    user_id: data['user_id'] as string,
    attempt: data['attempt'] as number,
    data,
  };
}

/** JSON with sorted keys, at every depth. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => byText(a, b));
  return `{${members.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`;
}

/**
 * Returns the text by which facts are compared: type, instant and normalised data, numbers by value, keys in any order
 * (docs/reference/rules.md#fact-3).
 */
export const contentOf = (fact: Fact): string => canonical([fact.kind, fact.time, fact.data]);

/**
 * The facts of one session between two voids. `life` is the number of voids before them. Voided facts no longer count,
 * and attempt 1 after a void is not the attempt 1 before it.
 */
export interface Life {
  readonly session_id: string;
  readonly life: number;
  readonly facts: readonly Fact[];
}

/** Returns all lives of all sessions. Only the last life of a session counts. */
export function livesOf(entries: readonly LedgerEntry[]): Life[] {
  const sessions = new Map<string, Fact[][]>();
  for (const entry of entries) {
    if (entry.type === 'fact') {
      const fact = readFact(entry.event);
      const lives = sessions.get(fact.session_id) ?? [[]];
      lives.at(-1)!.push(fact);
      sessions.set(fact.session_id, lives);
    } else if (entry.type === 'session.voided') {
      sessions.get(entry.session_id)?.push([]);
    }
  }
  return [...sessions].flatMap(([session_id, lives]) =>
    lives.map((facts, life) => ({ session_id, life, facts })),
  );
}

const byAttempt = new WeakMap<readonly Fact[], Map<number, Fact[]>>();

/** Returns the facts that concern an attempt. Cached for speed alone. */
export function ofAttempt(facts: readonly Fact[], attempt: number): readonly Fact[] {
  let attempts = byAttempt.get(facts);
  if (attempts === undefined) {
    attempts = new Map();
    for (const fact of facts) {
      const own = attempts.get(fact.attempt);
      if (own) own.push(fact);
      else attempts.set(fact.attempt, [fact]);
    }
    byAttempt.set(facts, attempts);
  }
  return attempts.get(attempt) ?? [];
}

/** Compares by code point, never by a locale (docs/reference/rules.md#value-5). */
export function byText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    // The first UTF-16 unit that differs decides. If it begins a surrogate pair, whole code points are compared.
    if (a[at] !== b[at]) return a.codePointAt(at)! - b.codePointAt(at)!;
  }
  return a.length - b.length;
}
