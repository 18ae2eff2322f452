import type { LedgerEntry } from './derivation/ledger';
import { LedgerRules } from './rules';

const RECORDED = { recorded_at: 0 };
const OPENED: LedgerEntry = {
  ...RECORDED,
  type: 'ledger.opened',
  billing_time_zone: 'UTC',
  rate_cards: [],
  plans: { opening: {} },
};
const FROM = { ...RECORDED, effective_from: '2026-10-01T00:00:00.000Z' };
const defaulted = (plan: string): LedgerEntry => ({ ...FROM, type: 'plan.defaulted', plan });
const assigned = (plan: string): LedgerEntry => ({
  ...FROM,
  type: 'plan.assigned',
  user_id: 'ann',
  plan,
});
const defined = (plan: string): LedgerEntry => ({
  ...RECORDED,
  type: 'plan.defined',
  plan,
  definition: {},
});
const adjusted = (
  adjustment_id: string,
  user_id: string,
  voids: string | null = null,
  more: { amount_cents?: number; currency?: string } = {},
): LedgerEntry => ({
  ...RECORDED,
  type: 'usage.adjusted',
  adjustment_id,
  user_id,
  period: '2026-10',
  amount_cents: voids === null ? 1 : -1,
  currency: 'TWD',
  reason: 'r',
  author: 'a',
  voids,
  ...more,
});
const published = (rate_card_id: string): LedgerEntry => ({
  ...RECORDED,
  type: 'rate_card.published',
  card: { rate_card_id, currency: 'TWD', prices: {} },
});
const CLOSED: LedgerEntry = {
  ...RECORDED,
  type: 'billing_period.closed',
  period: '2026-10',
  from: '2026-10-01T00:00:00.000Z',
  to: '2026-11-01T00:00:00.000Z',
  size: 1,
};

/** Takes these events after the opening. */
const take = (...entries: readonly LedgerEntry[]) => {
  const rules = new LedgerRules();
  [OPENED, ...entries].forEach((entry, index) => rules.take(index, entry));
};

describe('the rules of a ledger', () => {
  it.each([defaulted, assigned])('let no plan be used that was never defined: %p', (use) => {
    expect(() => take(use('gold'))).toThrow('The plan gold was never defined.');
    expect(() => take(use('gold'), defined('gold'))).toThrow('The plan gold was never defined.');
    take(defined('gold'), use('gold'));
    take(use('opening'));
    take(use('free'));
  });

  it('let an adjustment void only an earlier one of its user', () => {
    take(adjusted('1', 'ann'), adjusted('2', 'ann', '1'));
    for (const others of [[], [adjusted('1', 'bob')]]) {
      expect(() => take(...others, adjusted('2', 'ann', '1'))).toThrow(
        'It voids the adjustment 1, which ann does not have.',
      );
    }
    expect(() => take(adjusted('1', 'ann', '1'))).toThrow('which ann does not have');
  });

  it('let an adjustment be voided once, by the opposite amount in the same currency', () => {
    const first = adjusted('1', 'ann');
    for (const more of [{ amount_cents: 1 }, { amount_cents: -2 }, { currency: 'USD' }]) {
      expect(() => take(first, adjusted('2', 'ann', '1', more))).toThrow(
        'its amount is not the opposite, in the same currency',
      );
    }
    const twice = [first, adjusted('2', 'ann', '1'), adjusted('3', 'ann', '1')];
    expect(() => take(...twice)).toThrow('The adjustment 1 was already voided.');
    take(first, adjusted('2', 'ann', '1'), adjusted('3', 'ann', '2', { amount_cents: 1 }));
  });

  it('let nothing be adjusted in a period that was closed before', () => {
    take(adjusted('1', 'ann'), CLOSED);
    expect(() => take(CLOSED, adjusted('1', 'ann'))).toThrow(
      'The adjustment 1 is for 2026-10, which was closed before.',
    );
  });

  it('let a plan be defined once, and a rate card be published once', () => {
    take(defined('free'), defined('gold'), published('1'), published('2'));
    expect(() => take(defined('opening'))).toThrow('The plan opening was already defined.');
    expect(() => take(defined('gold'), defined('gold'))).toThrow('already defined');
    expect(() => take(published('1'), published('1'))).toThrow(
      'The rate card 1 was already published.',
    );
  });
});
