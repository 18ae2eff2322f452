import type { Terms } from '../account/terms';
import { pico } from '../pico';
import { cellOf, type Counted } from './cells';
import { chargeOf, type Charge, type ChargeInput } from './charge';
import type { LogPlace } from './place';
import type { LogFacts } from './usage-log';

/** The fields of a log that rating and summing use. */
export type RatedFacts = ChargeInput &
  Pick<
    LogFacts,
    'id' | 'transcription_type' | 'billing_reason' | 'plan' | 'rate_card_id' | 'currency'
  >;

/** A log of a statement, in the form that rating and summing use. */
export interface Item extends Counted {
  readonly id: string;
  readonly place: LogPlace;
  /** `undefined` if it is not billable. */
  readonly charge: Charge | undefined;
}

/**
 * Returns a log in the form that rating uses, with the card and plan that the log names: those in force for it, now or
 * when its period was closed.
 */
export function itemOf(log: RatedFacts, place: LogPlace, terms: Terms): Item {
  const card = log.rate_card_id === null ? undefined : terms.cardById(log.rate_card_id);
  const charge = chargeOf(log, card, terms.agreement.plans[log.plan]!.included_minutes);
  const cell = cellOf({
    currency: log.currency,
    stt_provider: log.stt_provider,
    transcription_type: log.transcription_type,
    plan: log.plan,
    day: terms.zone.dayOf(place.completed_at),
    free: log.billing_reason === 'retry_after_failure_free',
  });
  return {
    id: log.id,
    place,
    charge,
    cell,
    duration: pico(log.duration_seconds),
    billed: charge === undefined ? 0n : charge.billed,
  };
}

/** Returns whether two states of one log have the same rank and are rated and summed alike. */
export function isRatedAlike(a: LogFacts, b: LogFacts): boolean {
  // A late log is ranked by its position.
  return RATED_BY.every((name) => a[name] === b[name]) && (!a.late || a.position === b.position);
}

const RATED_BY = [
  'id',
  'user_id',
  'billing_period',
  'late',
  'completed_at',
  'session_id',
  'attempt',
  'currency',
  'billable',
  'stt_provider',
  'duration_seconds',
  'channels',
  'speaker_count',
  'confidence_score',
  'transcription_type',
  'billing_reason',
  'plan',
  'rate_card_id',
] as const satisfies readonly (keyof LogFacts)[];
