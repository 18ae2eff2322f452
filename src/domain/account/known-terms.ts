import { notKnown } from '../events/stored';
import { PLAN_FIELDS } from '../plan/parse-plans';
import type { Plan } from '../plan/plan';
import { CARD_WORDS } from '../rating/card-fields';
import {
  CARD_FIELDS,
  ENTRY_FIELDS,
  SURCHARGE_FIELDS,
  TIER_FIELDS,
  type RateCard,
} from '../rating/rate-card';

/**
 * Checks that a recorded card has no field and no word that this program does not know. A newer version may have
 * written it, and without them bills would differ. Values are not checked: their limits may have changed since.
 * @throws Error that says what to do.
 */
export function checkKnownCard({ rate_card_id: id, ...card }: RateCard): void {
  const what = `The rate card ${id}`;
  checkFields(card, CARD_FIELDS, what);
  checkFields(card.surcharges, SURCHARGE_FIELDS, what);
  checkWords(card, what);
  for (const entry of Object.values(card.prices)) {
    checkFields(entry, ENTRY_FIELDS, what);
    checkWords(entry, what);
    for (const tier of entry.tiers ?? []) checkFields(tier, TIER_FIELDS, what);
  }
}

/** Checks a recorded plan in the same way. @throws Error that says what to do. */
export function checkKnownPlan(name: string, plan: Omit<Plan, 'plan'>): void {
  checkFields(plan, PLAN_FIELDS, `The plan ${name}`);
}

function checkFields(value: object, known: readonly string[], what: string): void {
  const other = Object.keys(value).find((field) => !known.includes(field));
  if (other !== undefined) throw notKnown(`${what} has a field ${other}`);
}

function checkWords(value: object, what: string): void {
  for (const [field, known] of Object.entries<readonly string[]>(CARD_WORDS)) {
    const word = (value as Readonly<Record<string, unknown>>)[field];
    if (word !== undefined && !known.includes(word as string)) {
      throw notKnown(`${what} has ${JSON.stringify(word)} as its ${field}`);
    }
  }
}
