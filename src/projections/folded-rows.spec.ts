import type { Statement } from './statement';
import { BoundedMap } from '../lib/bounded-map';
import type { RowReader, UsageLogRow } from '../read-model/rows';
import { FoldedRows } from './folded-rows';
import { StretchCache } from './stretches';

/** More logs than a call may have arguments. */
const LOGS = 200_000;

describe('folded rows', () => {
  it('hold the erasure of a user with any number of logs', async () => {
    const logs = Array.from({ length: LOGS }, (_, index) => ({
      id: String(index),
      described: '{"original_filename":"a.wav"}',
    }));
    const reader = { userLogs: () => Promise.resolve(logs as unknown as UsageLogRow[]) };
    const rows = new FoldedRows(
      reader as unknown as RowReader,
      new BoundedMap<string, Statement>(1),
      new StretchCache(1),
    );
    await rows.erase('ann');
    const { usageLogs } = await rows.finish(() =>
      Promise.reject(new Error('No terms are needed.')),
    );
    expect(usageLogs).toHaveLength(LOGS);
    expect(JSON.parse(usageLogs.at(-1)!.described)).toMatchObject({ erased: true });
    expect(usageLogs.at(-1)!.described).not.toContain('a.wav');
  });
});
