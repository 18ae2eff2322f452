import { readConfig } from '../config/config';
import { MemoryEventStore } from '../event-store/memory/memory-event-store';
import { openLedger } from './open-ledger';

const NOW = Date.parse('2026-10-20T00:00:00Z');
const { opening } = readConfig({}, NOW);
const ledgerIn = async (zone: string) => {
  const store = new MemoryEventStore();
  await openLedger(store, opening, zone, NOW);
  return store;
};

describe('the zone of a ledger', () => {
  it('stays the one that it was opened with', async () => {
    const store = await ledgerIn('Asia/Taipei');
    await expect(openLedger(store, opening, 'Asia/Tokyo', NOW)).rejects.toThrow(
      'are months in Asia/Taipei; BILLING_TIME_ZONE says Asia/Tokyo',
    );
    expect(await openLedger(store, opening, undefined, NOW)).toMatchObject({
      isNew: false,
      opened: { billing_time_zone: 'Asia/Taipei' },
    });
  });

  it.each([
    ['utc', 'UTC'],
    ['Asia/Taipei', 'ASIA/taipei'],
  ])('is the same however its letters are capitalised: %s and %s', async (one, other) => {
    const store = await ledgerIn(one);
    expect(await openLedger(store, opening, other, NOW)).toMatchObject({
      isNew: false,
      opened: { billing_time_zone: one },
    });
  });
});

/** A store whose stream another instance has just begun: the first reads do not show it yet. */
class LateStore extends MemoryEventStore {
  hidden = 0;

  override readStream(...asked: Parameters<MemoryEventStore['readStream']>) {
    if (this.hidden === 0) return super.readStream(...asked);
    this.hidden -= 1;
    return Promise.resolve([]);
  }
}

describe('two instances that open a ledger at once', () => {
  it('have the opening of one, even if the other cannot read it right after its conflict', async () => {
    const store = new LateStore();
    const one = await openLedger(store, opening, 'Asia/Taipei', NOW);
    store.hidden = 3;
    const other = await openLedger(store, opening, 'Asia/Taipei', NOW);
    expect(one.isNew).toBe(true);
    expect(other).toEqual({ opened: one.opened, isNew: false });
  });
});
