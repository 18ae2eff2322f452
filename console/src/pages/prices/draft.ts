/** A provider that lacks a price, and where: what a waiting attempt says about itself. */
interface Lacking {
  readonly provider: string;
  /** `null` if the link does not say it. */
  readonly currency: string | null;
  /** When the attempt completed; `null` if the link does not say it. */
  readonly from: string | null;
}

/** The fields of a card that a person writes. */
interface Draft {
  readonly currency: string;
  readonly prices: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A published card. */
interface Card extends Draft {
  readonly rate_card_id: string;
  readonly position?: string;
  readonly effective_from: string;
}

/** Returns a copy of a card to begin a new one with, or a first card if there is none. */
export function draftOf(card: Card | undefined): Draft {
  if (card === undefined) return { currency: 'TWD', prices: { default: { amount: '0.03' } } };
  const { rate_card_id: _id, position: _position, effective_from: _from, ...draft } = card;
  return draft;
}

/**
 * Returns a copy of the card that lacks a price, with an entry for the provider that lacks only its amount. It begins
 * when the attempt completed. A card that begins in the past may change nothing else, so it is a copy of the currency's
 * card that was in force then, not of the newest one.
 * @param cards in ledger order.
 */
export function draftFor({ provider, currency, from }: Lacking, cards: readonly Card[]): object {
  const of = currency ?? cards.at(-1)?.currency;
  const own = cards.filter((card) => card.currency === of);
  const card = (from === null ? undefined : inForce(own, Date.parse(from))) ?? own.at(-1);
  const draft: Draft =
    card === undefined && currency !== null ? { currency, prices: {} } : draftOf(card);
  if (Object.hasOwn(draft.prices, provider)) return draft;
  const {
    amount: _amount,
    tiers: _tiers,
    tier_mode: _mode,
    ...first
  } = Object.values(draft.prices)[0] ?? {};
  return {
    ...(from === null ? {} : { effective_from: from }),
    ...draft,
    prices: { [provider]: { amount: '', ...first }, ...draft.prices },
  };
}

/**
 * Returns which of a currency's cards is in force at a moment (docs/reference/rules.md#force-1).
 * @param cards in ledger order.
 * @param moment in milliseconds since 1970.
 */
export function inForce<C extends Card>(cards: readonly C[], moment: number): C | undefined {
  let found: C | undefined;
  for (const card of cards) {
    const start = Date.parse(card.effective_from);
    if (start > moment) continue;
    if (found === undefined || start >= Date.parse(found.effective_from)) found = card;
  }
  return found;
}
