import type { Position } from '../event-store/port';
import { LedgerHead } from './ledger-head';

const turns = () => new Promise((resolve) => setImmediate(resolve));

describe('the head of the ledger', () => {
  it('is what was seen, without a query to a store that nobody else appends to', () => {
    const head = new LedgerHead({ shared: false, head: () => Promise.reject(new Error('asked')) });
    head.saw(10);
    head.saw(7);
    expect([head.position, head.behind(4), head.behind(10), head.behind(12)]).toEqual([
      10, 6, 0, 0,
    ]);
  });

  it('is queried from a store that others append to, at most once a second, and counted in events', async () => {
    let asked = 0;
    const store = {
      shared: true,
      positionsAnEvent: 1_000,
      head: () => {
        asked += 1;
        return Promise.resolve(5_500 as Position);
      },
    };
    const head = new LedgerHead(store);
    expect(head.position).toBe(0);
    await turns();
    expect([head.position, head.behind(5_499), head.behind(2_500)]).toEqual([5_500, 1, 3]);
    expect(asked).toBe(1);
  });

  it('does not change while the store does not answer', async () => {
    const store = { shared: true, head: () => Promise.reject(new Error('gone')) };
    const head = new LedgerHead(store);
    head.saw(3);
    expect(head.position).toBe(3);
    await turns();
    expect(head.position).toBe(3);
  });
});
