import { randomUUID } from 'node:crypto';

import Database from 'better-sqlite3';

import { accountStream, LEDGER_EVENTS, writeLedgerEvent } from '../domain/ledger';
import { MemoryEventStore } from '../event-store/memory/memory-event-store';
import { NO_STREAM } from '../event-store/port';
import { followedTo } from '../kept/followed';
import { SqliteKeptTables } from '../kept/sqlite-kept-tables';
import { KeptPersonalKeys } from '../personal/kept-personal-keys';
import { NOTHING_READ, type Checkpoint } from '../read-model/rows';
import { ErasureSweep } from './erasure-sweep';

/** An erasure whose process destroyed the keys, and was killed before it scrubbed their table. */
async function interrupted() {
  const tables = SqliteKeptTables.in(new Database(':memory:'));
  const keys = new KeptPersonalKeys(tables, () => 0);
  const store = new MemoryEventStore();
  const id = randomUUID();
  const body = writeLedgerEvent({ reason: 'asked', author: 'admin', keys: ['k'] });
  const event = { id, type: LEDGER_EVENTS.userErased, body, recordedAt: 1 };
  const stream = accountStream('ann');
  await store.append([{ stream, expectedRevision: NO_STREAM, events: [event] }]);
  await keys.destroy([{ eventId: id, userId: 'ann', position: 1, erasedAt: 1, keys: ['k'] }]);
  const place = () => followedTo(tables, 'erasures');
  /** The stored position at each scrub. */
  const scrubbed: (number | undefined)[] = [];
  const scrub = jest.spyOn(tables, 'scrub').mockImplementation(async () => {
    scrubbed.push(await place());
  });
  const reported: unknown[] = [];
  const sweep = new ErasureSweep({
    store,
    tables,
    keys,
    forget: () => Promise.resolve(),
    warn: () => undefined,
    report: (error) => reported.push(error),
  });
  return { sweep, scrub, scrubbed, place, reported };
}

const at = (position: number) =>
  ({ ...NOTHING_READ, position, agreement: { erasures: 1 } }) as unknown as Checkpoint;

describe('the sweep of erasures', () => {
  it('scrubs the table of keys at the next start, before it notes that the erasure is carried out', async () => {
    const { sweep, scrubbed, place } = await interrupted();
    await sweep.begin();
    await sweep.close();
    expect(scrubbed).toStrictEqual([undefined]);
    expect(await place()).toBe(1);
  });

  it('scrubs it for an erasure that another instance carried out, and only once', async () => {
    const { sweep, scrubbed, place } = await interrupted();
    sweep.advanced(at(1));
    await sweep.close();
    expect(scrubbed).toStrictEqual([undefined]);
    expect(await place()).toBe(1);
    sweep.advanced(at(5));
    await sweep.close();
    expect(scrubbed).toHaveLength(1);
    expect(await place()).toBe(5);
  });

  it('goes on if the table can not be scrubbed, and reports that', async () => {
    const { sweep, scrub, place, reported } = await interrupted();
    const error = new Error('The server is gone.');
    scrub.mockRejectedValue(error);
    sweep.advanced(at(1));
    await sweep.close();
    expect(reported).toEqual([error]);
    expect(await place()).toBe(1);
  });
});
