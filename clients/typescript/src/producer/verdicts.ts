import type { CloudEvent } from './facts.js';
import type { Failure, Verdict } from './delivery.js';
import type { SettledFact } from './reports.js';
import type { Fate } from '../spool/spool.js';
import type { RefusedFact } from '../spool/refused.js';

/** Refusals that pass: a clock or a key is put right, and the same fact is taken. */
const PASSING = new Set(['time_in_future', 'source_not_allowed']);

/** Whether a fact is in the ledger with another time: told anew by a worker whose journal was lost. */
function differsInTimeAlone(verdict: Verdict): boolean {
  return verdict.code === 'event_id_reused' && verdict.fields?.join() === 'time';
}

/** What is to become of a fact that was judged so. */
export function fateOf(verdict: Verdict, text: string): Fate {
  if (verdict.status !== 'rejected' || differsInTimeAlone(verdict)) return 'settled';
  if (PASSING.has(verdict.code ?? '')) return 'later';
  return refusedFact(text, verdict.code, verdict.detail, verdict.pointer, verdict.fields);
}

/** A fact that is in the ledger, as it is told. */
export function settledFact(verdict: Verdict): SettledFact {
  return {
    id: verdict.id ?? '',
    source: verdict.source ?? '',
    status: verdict.status === 'recorded' ? 'recorded' : 'duplicate',
    position: verdict.position,
    time_differs: differsInTimeAlone(verdict),
  };
}

/** What is to become of a fact that can't even be sent. */
export function fateOfUnfit({ code, detail }: Failure, text: string): Fate {
  return refusedFact(text, code, detail);
}

function refusedFact(
  text: string,
  code = 'unknown',
  detail = '',
  pointer: string | null = null,
  fields: readonly string[] | null = null,
): RefusedFact {
  const event = JSON.parse(text) as CloudEvent;
  return { event, code, detail, pointer, fields, refused_at: new Date().toISOString() };
}
