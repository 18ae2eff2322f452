import { bodyOf, levelOf } from './alert-body';

const FILLED = {
  name: ' Much ',
  metric: 'cost_cents',
  how: 'threshold',
  level: ' 500 ',
  user: 'ann',
  currency: 'usd',
} as const;

it('an alert has what the form shows', () => {
  expect(bodyOf(FILLED)).toEqual({
    name: 'Much',
    metric: 'cost_cents',
    threshold: '500',
    user_id: 'ann',
    currency: 'USD',
  });
});

it('an alert has nothing of fields that the form hides since another metric was chosen', () => {
  expect(bodyOf({ ...FILLED, metric: 'billable_minutes' })).toEqual({
    name: 'Much',
    metric: 'billable_minutes',
    threshold: '500',
    user_id: 'ann',
  });
  expect(bodyOf({ ...FILLED, metric: 'ledger_cost_cents', how: 'share_of_limit' })).toEqual({
    name: 'Much',
    metric: 'ledger_cost_cents',
    threshold: '500',
    currency: 'USD',
  });
});

it('an alert is incomplete without a name, or a level above 0', () => {
  for (const lacking of [{ name: ' ' }, { level: '' }, { level: '0.0' }, { level: '1e3' }]) {
    expect(bodyOf({ ...FILLED, ...lacking })).toBeUndefined();
  }
});

it('the level of an alert has its unit', () => {
  const level = { metric: 'billable_minutes', threshold: '5000', share_of_limit: null } as const;
  const money = { ...level, metric: 'cost_cents' } as const;
  expect(levelOf({ ...level, currency: null })).toBe('5,000');
  expect(levelOf({ ...money, currency: 'TWD' })).toBe('5,000 cents (TWD)');
  expect(levelOf({ ...money, threshold: '1', currency: null })).toBe('1 cent');
  const share = { ...level, threshold: null, share_of_limit: '0.8', currency: null };
  expect(levelOf(share)).toBe('0.8 × limit');
});
