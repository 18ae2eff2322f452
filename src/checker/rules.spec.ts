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
): LedgerEntry => ({
  ...RECORDED,
  type: 'usage.adjusted',
  adjustment_id,
  user_id,
  period: '2026-10',
  amount_cents: 1,
  currency: 'TWD',
  reason: 'r',
  author: 'a',
  voids,
});

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
});
