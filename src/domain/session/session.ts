import type { Refusal } from '../errors';
import { contentDigest, personalDigest } from '../events/stored';
import { factKey, OUTCOMES, type Fact } from '../events/facts';

/**
 * What a writer must know about a session to judge its next fact: small, so that many fit in a cache. It says nothing
 * about types or money, which are derived on reading.
 */
export interface SessionWriteState {
  /** The session's user, named by its first fact that counts. */
  userId: string | undefined;
  /** Facts by source and id. `position` is filled in once the append has returned it. */
  readonly facts: Map<string, KnownFact>;
  /** Attempts that have an outcome. */
  readonly settled: Set<number>;
}

export interface KnownFact {
  readonly digest: string;
  /**
   * Digest of its personal values; `undefined` if nobody can read them any more, so a redelivery is compared by its
   * other values only.
   */
  readonly personal: string | undefined;
  position: number | undefined;
  /** Whether finance voided the session after this fact, so that it no longer counts. */
  voided?: boolean;
}

/** The ledger's verdict on a fact. */
export type Verdict =
  | { readonly status: 'record'; readonly digest: string; readonly personal: string }
  | { readonly status: 'duplicate'; readonly first: KnownFact }
  | { readonly status: 'rejected'; readonly refusal: Refusal };

export function emptySession(): SessionWriteState {
  return { userId: undefined, facts: new Map(), settled: new Set() };
}

/**
 * Judges a valid fact against the session's earlier facts (docs/reference/rules.md#fact-8).
 * Pure. Refusals are checked in the order reused, voided, mismatch, settled.
 */
export function decide(state: SessionWriteState, fact: Fact): Verdict {
  const digest = contentDigest(fact);
  const personal = personalDigest(fact.personal);
  const known = state.facts.get(factKey(fact));
  if (known !== undefined) {
    const isSame =
      known.digest === digest && (known.personal === undefined || known.personal === personal);
    if (isSame) return known.voided === true ? voided() : { status: 'duplicate', first: known };
    return rejected(
      'event_id_reused',
      'This source and id already name another fact of the session, which stays as it is. Send a different fact under a new id.',
    );
  }
  if (state.userId !== undefined && state.userId !== fact.data.user_id) {
    return rejected(
      'session_user_mismatch',
      "The session belongs to a different user than this fact names. Send the session's own user_id.",
      '/data/user_id',
    );
  }
  if (OUTCOMES[fact.kind] !== null && state.settled.has(fact.data.attempt)) {
    return rejected(
      'attempt_already_settled',
      `Attempt ${fact.data.attempt} already has an outcome. Send another try as a new attempt with the next number.`,
      '/data/attempt',
    );
  }
  return { status: 'record', digest, personal };
}

/** Adds a recorded fact to the state, in place. */
export function evolve(state: SessionWriteState, fact: Fact, known: KnownFact): void {
  state.userId ??= fact.data.user_id;
  state.facts.set(factKey(fact), known);
  if (OUTCOMES[fact.kind] !== null) state.settled.add(fact.data.attempt);
}

/** Voids the session, in place: its facts so far stay known but no longer count. */
export function evolveVoided(state: SessionWriteState): void {
  for (const known of state.facts.values()) known.voided = true;
  state.userId = undefined;
  state.settled.clear();
}

/** The verdict on a fact that is sent again although it no longer counts. */
export function voided(): Extract<Verdict, { readonly status: 'rejected' }> {
  return rejected(
    'fact_voided',
    'Finance voided this fact. Send the corrected fact under a new id.',
  );
}

function rejected(
  code: Refusal['code'],
  detail: string,
  pointer?: string,
): Extract<Verdict, { readonly status: 'rejected' }> {
  return {
    status: 'rejected',
    refusal: { code, detail, ...(pointer === undefined ? {} : { pointer }) },
  };
}
