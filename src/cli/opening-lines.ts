import { isDeepStrictEqual } from 'node:util';

import type { Config } from '../config/config';
import { elsewhereThan } from '../config/event-store';
import type { LedgerOpened } from '../domain/ledger';
import { oneOrMany } from '../lib/counted';
import type { Opening } from '../ledger/open-ledger';

type Terms = Pick<LedgerOpened, 'rate_cards' | 'plans'>;
type Asked = Pick<Config, 'opening' | 'openingFiles' | 'eventStore'>;

/**
 * Returns what users should know about the terms that the ledger was opened with, which hold forever. For a new ledger
 * that is everything; later, its zone, its currency, and any file that is set but has no effect.
 */
export function openingLines({ opened, isNew }: Opening, asked: Asked): string[] {
  const standing = `billing months in ${opened.billing_time_zone}, default currency ${opened.rate_cards[0]!.currency}`;
  if (isNew) return [`New ledger: ${standing}; ${termsOf(opened, asked)}.`, adviceOf(asked)];
  return [
    `Ledger terms: ${standing}; opened with ${cardsOf(opened)}.`,
    ...withoutEffect(opened, asked),
  ];
}

function termsOf(opened: Terms, { openingFiles }: Asked): string {
  const { rateCards, plans } = openingFiles;
  const cardsFrom = rateCards === undefined ? 'that ships' : `in ${rateCards}`;
  const plansFrom = plans === undefined ? 'that ship' : `in ${plans}`;
  const names = Object.keys(opened.plans).join(', ');
  return `opened with ${cardsOf(opened)} ${cardsFrom}, and the plans ${plansFrom} (${names})`;
}

function cardsOf({ rate_cards: cards }: Pick<Terms, 'rate_cards'>): string {
  return `the rate ${oneOrMany(cards.length, 'card', 'cards')} for ${cards.map((card) => card.currency).join(', ')}`;
}

function adviceOf({ eventStore }: Asked): string {
  return `It keeps these forever. If they are not what you mean, start again before the first event, with BILLING_TIME_ZONE, RATE_CARD_FILE and PLANS_FILE as they should be, and ${elsewhereThan(eventStore)}.`;
}

/**
 * Returns a warning for each file that differs from what the ledger was opened with: people may think that it takes
 * effect.
 */
function withoutEffect(opened: Terms, { opening, openingFiles }: Asked): string[] {
  const lines = [];
  if (
    openingFiles.rateCards !== undefined &&
    !isSame(opening.rateCards.map(priced), opened.rate_cards.map(priced))
  ) {
    lines.push(
      `RATE_CARD_FILE differs from the cards at its opening, and has no effect: publish a card with POST /v1/rate-cards.`,
    );
  }
  if (openingFiles.plans !== undefined && !isSame(opening.plans, opened.plans)) {
    lines.push(
      `PLANS_FILE differs from the plans at its opening, and has no effect: define a plan with PUT /v1/plans/{plan}.`,
    );
  }
  return lines;
}

/**
 * The part of a card that is the same at every start: without its id, and without the moment it gets if it names none.
 */
function priced(card: Partial<LedgerOpened['rate_cards'][number]>) {
  return { ...card, rate_card_id: null, effective_from: null };
}

function isSame(one: unknown, other: unknown): boolean {
  const [first, second] = [one, other].map((value) => JSON.parse(JSON.stringify(value)) as unknown);
  return isDeepStrictEqual(first, second);
}
