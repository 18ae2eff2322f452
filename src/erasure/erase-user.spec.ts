import { MemoryEventStore } from '../event-store/memory/memory-event-store';
import { Eraser, type ErasingParts } from './erase-user';

describe('an erasure', () => {
  it('scrubs the table of keys even if it fails once the keys may be destroyed', async () => {
    const snapshot = {
      account: () => Promise.resolve(undefined),
      standing: () => Promise.resolve(undefined),
      knowsUser: () => Promise.resolve(true),
      userSessions: () => Promise.resolve([]),
      voidedSessions: () => Promise.resolve([]),
    };
    const lost = new Error('The gate is lost.');
    const scrub = jest.fn(() => Promise.resolve());
    const parts = {
      store: new MemoryEventStore(),
      readModel: { read: (work: (live: typeof snapshot) => unknown) => work(snapshot) },
      projector: { waiter: { waitFor: () => Promise.resolve(true) } },
      recorder: { exclusively: () => Promise.reject(lost) },
      keys: { scrub },
    } as unknown as ErasingParts;
    const order = { userId: 'ann', reason: 'asked', author: 'admin' };
    await expect(new Eraser(parts).erase(order)).rejects.toBe(lost);
    expect(scrub).toHaveBeenCalledTimes(1);
  });
});
