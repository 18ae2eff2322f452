import type { CloudEvent } from './facts.js';
import type { Failure, Verdict } from './delivery.js';
import type { SettledFact } from './reports.js';
import type { Fate } from '../spool/spool.js';
import type { RefusedFact } from '../spool/refused.js';

/** Refusals that pass: once a clock or key is put right, the same fact is accepted. */
const PASSING = new Set(['time_in_future', 'source_not_allowed']);

/** Whether a fact is already in the ledger with another time: a worker that lost its journal reported it again. */
function differsInTimeAlone(verdict: Verdict): boolean {
  return verdict.code === 'event_id_reused' && verdict.fields?.join() === 'time';
}

/** Returns the fate of a fact with this verdict. */
export function fateOf(verdict: Verdict, text: string): Fate {
  if (verdict.status !== 'rejected' || differsInTimeAlone(verdict)) return 'settled';
  if (PASSING.has(verdict.code ?? '')) return 'later';
  return refusedFact(text, verdict.code, verdict.detail, verdict.pointer, verdict.fields);
}

/** Makes the report on a fact that is in the ledger. */
export function settledFact(verdict: Verdict): SettledFact {
  return {
    id: verdict.id ?? '',
    source: verdict.source ?? '',
    status: verdict.status === 'recorded' ? 'recorded' : 'duplicate',
    position: verdict.position,
    time_differs: differsInTimeAlone(verdict),
  };
}

/** Returns the fate of a single fact whose request was refused whole. */
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
