import { contentOf, livesOf, readFact } from './facts';
import type { CloudEvent, LedgerEntry } from './ledger';

type Conflict =
  'event_id_reused' | 'fact_voided' | 'session_user_mismatch' | 'attempt_already_settled';

export type Verdict =
  { status: 'recorded' } | { status: 'duplicate' } | { status: 'rejected'; code: Conflict };

/** Returns the ledger's verdict on one valid event, given the whole history before it. */
function judgeOne(event: CloudEvent, history: readonly LedgerEntry[]): Verdict {
  const fact = readFact(event);
  const lives = livesOf(history).filter((one) => one.session_id === fact.session_id);
  const current = lives.at(-1)?.facts ?? [];
  const voided = lives.slice(0, -1).flatMap((one) => one.facts);
  const rejected = (code: Conflict): Verdict => ({ status: 'rejected', code });

  const namesake = [...voided, ...current].find(
    (one) => one.source === fact.source && one.id === fact.id,
  );
  if (namesake) {
    // Reuse is checked before voids (docs/reference/rules.md#fact-8): a source and id name their fact forever.
    if (contentOf(namesake) !== contentOf(fact)) return rejected('event_id_reused');
    return current.includes(namesake) ? { status: 'duplicate' } : rejected('fact_voided');
  }
  if (current.some((one) => one.user_id !== fact.user_id)) return rejected('session_user_mismatch');
  const settles = ['completed', 'failed'];
  const settled = current.some((one) => one.attempt === fact.attempt && settles.includes(one.kind));
  if (settled && settles.includes(fact.kind)) return rejected('attempt_already_settled');
  return { status: 'recorded' };
}

/**
 * Returns the verdicts that producers get, event by event in the order sent, and the entries of the ledger afterwards
 * (docs/reference/rules.md#facts-and-sessions). The events must be valid: validity is not judged here.
 */
export function judge(
  events: readonly CloudEvent[],
  history: readonly LedgerEntry[] = [],
  recordedAt = 0,
): { verdicts: Verdict[]; recorded: LedgerEntry[] } {
  const recorded: LedgerEntry[] = [];
  const verdicts = events.map((event) => {
    const verdict = judgeOne(event, [...history, ...recorded]);
    if (verdict.status === 'recorded') {
      recorded.push({ type: 'fact', recorded_at: recordedAt, event });
    }
    return verdict;
  });
  return { verdicts, recorded };
}
