import type { Close } from '../../domain/account/agreement';
import { NOTHING_READ, type Checkpoint } from '../../read-model/rows';
import { RootKeeper } from './root-keeper';

const MINUTE_MS = 60_000;

/** A checkpoint after so many events, with closes that are the events of these indexes. */
const after = (size: number, ...closes: readonly number[]): Checkpoint => ({
  ...NOTHING_READ,
  position: size,
  size,
  agreement: {
    opened: undefined as never,
    cards: [],
    plans: {},
    defaults: [],
    closes: closes.map((index) => ({ size: index }) as Close),
  },
});

describe('a keeper of signed roots', () => {
  /** What was kept: `10` for an unpinned root of 10 events, `10 pinned` for a pinned one. */
  let kept: string[];
  let reports: unknown[];
  /** Why nothing can be signed; `undefined` if it can. */
  let refusal: Error | undefined;

  beforeEach(() => {
    jest.useFakeTimers();
    [kept, reports, refusal] = [[], [], undefined];
  });
  afterEach(() => jest.useRealTimers());

  /** A keeper after a start, at which the archive has a newest root and pinned ones. */
  async function started(newest?: number, ...pinned: readonly number[]): Promise<RootKeeper> {
    const keeper = new RootKeeper(
      {
        trouble: undefined,
        check: () => Promise.resolve(),
        sign: (size) =>
          refusal === undefined ? Promise.resolve(`note ${size}`) : Promise.reject(refusal),
      },
      {
        keep: ({ size }, isPinned) => {
          kept.push(isPinned ? `${size} pinned` : String(size));
          return Promise.resolve();
        },
        newest: () =>
          Promise.resolve(newest === undefined ? undefined : { size: newest, note: 'a note' }),
        pinned: () => Promise.resolve(pinned),
      },
      (error) => reports.push(error),
    );
    await keeper.start();
    return keeper;
  }
  const settled = () => jest.advanceTimersByTimeAsync(0);
  const aMinute = () => jest.advanceTimersByTimeAsync(MINUTE_MS);

  it('pins the root of a close, and no other', async () => {
    const keeper = await started();
    keeper.advanced(after(1));
    await settled();
    keeper.advanced(after(5));
    await aMinute();
    keeper.advanced(after(8, 7));
    await settled();
    keeper.advanced(after(9, 7));
    await aMinute();
    expect(kept).toEqual(['1', '5', '8 pinned', '9']);
  });

  it('pins a root for a close that was not signed before the process ended', async () => {
    const keeper = await started(5);
    keeper.advanced(after(8, 7));
    await settled();
    expect(kept).toEqual(['8 pinned']);
  });

  it('pins the newest root if it covers a close and was not pinned', async () => {
    const keeper = await started(8, 3);
    keeper.advanced(after(8, 2, 7));
    await settled();
    expect(kept).toEqual(['8 pinned']);
  });

  it('pins nothing at a start if a pinned root covers each close', async () => {
    const keeper = await started(9, 3, 8);
    keeper.advanced(after(9, 2, 7));
    await aMinute();
    expect(kept).toEqual([]);
  });

  it('still owes a close its pinned root after a failure, whatever arrives meanwhile', async () => {
    const keeper = await started(5, 5);
    keeper.advanced(after(5));
    refusal = new Error('The disk is full.');
    keeper.advanced(after(8, 7));
    keeper.advanced(after(9, 7));
    await settled();
    keeper.advanced(after(20_000, 7));
    await settled();
    expect([kept, reports.length]).toEqual([[], 2]);
    refusal = undefined;
    await aMinute();
    keeper.advanced(after(20_001, 7));
    await aMinute();
    expect(kept).toEqual(['20000 pinned', '20001']);
  });

  it('signs no smaller root while the read model is filled again, and pins what is owed then', async () => {
    const keeper = await started(100, 40);
    for (const [size, ...closes] of [[10], [60, 30, 50], [99, 30, 50]] as const) {
      keeper.advanced(after(size, ...closes));
      await aMinute();
    }
    expect(kept).toEqual([]);
    keeper.advanced(after(100, 30, 50));
    await aMinute();
    expect(kept).toEqual(['100 pinned']);
  });

  it('pins the root of a clean stop', async () => {
    const keeper = await started(5, 5);
    keeper.advanced(after(6));
    await keeper.close();
    expect(kept).toEqual(['6 pinned']);
  });
});
