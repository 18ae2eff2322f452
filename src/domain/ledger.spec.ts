import { readLedgerEvent, writeLedgerEvent } from './ledger';

/** Texts as they were stored. They never change. */
const FROZEN = {
  first:
    '{"version":1,"data":{"plan":"free","effective_from":"2026-10-01T00:00:00.000Z"},"request":{"key":"k-1","digest":"5f"}}',
  opening: '{"version":1,"data":{"plan":"free","effective_from":"2026-10-01T00:00:00.000Z"}}',
  second:
    '{"version":2,"data":{"plan":"free","effective_from":"2026-10-01T00:00:00.000Z"},"request":{"key":"k-1","digest":"5f","author":"finance-team"}}',
};
const data = { plan: 'free', effective_from: '2026-10-01T00:00:00.000Z' };
const request = { key: 'k-1', digest: '5f' };

describe('the stored form of an event of the ledger itself', () => {
  it.each([
    ['version 1, which does not name an author', FROZEN.first, request],
    ['version 1 without a request', FROZEN.opening, undefined],
    ['version 2, which names one', FROZEN.second, { ...request, author: 'finance-team' }],
  ])('is %s', (_, text, asked) => {
    expect(writeLedgerEvent(data, asked)).toBe(text);
    expect(readLedgerEvent('plan.defaulted', text)).toEqual({ data, request: asked });
  });

  it.each([
    [FROZEN.first.replace('1', '3'), 'has version 3, which this program does not know'],
    [FROZEN.first.replace('1', '2'), 'does not say who asked for it'],
    [FROZEN.opening.replace('1', '2'), 'does not say who asked for it'],
  ])('is refused if the program does not know it: it %s', (text, why) => {
    expect(() => readLedgerEvent('plan.defaulted', text)).toThrow(why);
  });
});
