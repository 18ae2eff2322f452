import { topNote } from './top-note';

const month = (...currencies: readonly string[]) => ({
  totals: currencies.map((currency) => ({ currency })),
});

it('the top users are said to be those who pay most only in a ledger with one currency', () => {
  expect(topNote(month('TWD'), month('TWD'), 'TWD')).toMatch(/^The twenty users who pay most\./);
  expect(topNote(month('TWD'), month(), 'TWD')).toMatch(/^The twenty users who pay most\./);
  for (const both of [
    [month('TWD', 'USD'), month('TWD')] as const,
    [month('USD'), month('TWD', 'USD')] as const,
  ]) {
    expect(topNote(...both, 'USD')).toMatch(
      /^Of the twenty highest bills in all currencies.* USD\./,
    );
  }
});
