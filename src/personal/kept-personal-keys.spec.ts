import Database from 'better-sqlite3';

import { SqliteKeptTables } from '../kept/sqlite-kept-tables';
import { KeptPersonalKeys } from './kept-personal-keys';

describe('kept personal keys', () => {
  it('do not cache a secret that was destroyed while it was being read', async () => {
    const tables = SqliteKeptTables.in(new Database(':memory:'));
    let read = () => Promise.resolve();
    const slow = Object.assign(Object.create(tables) as SqliteKeptTables, {
      all: async <Row>(sql: string, values: readonly string[]) => {
        const rows = await tables.all<Row>(sql, values);
        await read();
        return rows;
      },
    });
    const ann = new Set(['ann']);
    const { id } = (await new KeptPersonalKeys(tables, () => 0).sealing(ann)).get('ann')!;
    const keys = new KeptPersonalKeys(slow, () => 0);
    let end!: () => void;
    const slowly = new Promise<void>((resolve) => (end = resolve));
    read = () => slowly;
    const reading = [keys.secrets([id]), keys.sealing(ann)];
    await new Promise((resolve) => setImmediate(resolve));
    const erasure = { eventId: 'e', userId: 'ann', position: 1, erasedAt: 0, keys: [id] };
    expect(await keys.destroy([erasure])).toBe(1);
    end();
    await Promise.all(reading);
    expect(await keys.secrets([id])).toEqual(new Map());
  });

  it('are scrubbed once more if that failed', async () => {
    const tables = SqliteKeptTables.in(new Database(':memory:'));
    const scrub = jest.spyOn(tables, 'scrub').mockRejectedValueOnce(new Error('It broke.'));
    await new KeptPersonalKeys(tables, () => 0).scrub();
    expect(scrub.mock.calls).toEqual([['personal_keys'], ['personal_keys']]);
  });

  it('are scrubbed by one at a time, once for all who wait', async () => {
    const tables = SqliteKeptTables.in(new Database(':memory:'));
    let end!: () => void;
    const slow = new Promise<void>((resolve) => (end = resolve));
    const scrub = jest.spyOn(tables, 'scrub').mockReturnValue(slow);
    const keys = new KeptPersonalKeys(tables, () => 0);
    const scrubs = [keys.scrub()];
    await new Promise((resolve) => setImmediate(resolve));
    scrubs.push(keys.scrub(), keys.scrub());
    await new Promise((resolve) => setImmediate(resolve));
    expect(scrub).toHaveBeenCalledTimes(1);
    end();
    await Promise.all(scrubs);
    expect(scrub).toHaveBeenCalledTimes(2);
  });
});
