import Database from 'better-sqlite3';

import { SqliteKeptTables } from '../kept/sqlite-kept-tables';
import { GateAlone } from './gate-alone';

describe('the gate of an instance that is alone', () => {
  const begun = async () => {
    const tables = SqliteKeptTables.in(new Database(':memory:'));
    return { tables, gate: await GateAlone.open(tables) };
  };
  const settle = (gate: GateAlone, time: number) => gate.exclusively((alone) => alone.settle(time));

  it('knows at first of no time', async () => {
    const { gate } = await begun();
    expect(await gate.enter()).toBe(0);
  });

  it('knows the settled time after a clean stop', async () => {
    const { tables, gate } = await begun();
    await settle(gate, 5_000);
    await settle(gate, 5_200);
    await gate.close();
    const again = await GateAlone.open(tables);
    expect(await again.enter()).toBe(5_200);
    expect(await again.exclusively(({ stampAfter }) => Promise.resolve(stampAfter))).toBe(5_200);
  });

  it('knows a time that is not before the settled one if the process was killed', async () => {
    const { tables, gate } = await begun();
    for (const time of [5_000, 5_700, 6_400, 7_100]) {
      await settle(gate, time);
      const again = await (await GateAlone.open(tables)).enter();
      expect([again >= time, again - time <= 1_000]).toEqual([true, true]);
    }
  });

  it('writes once for all times of a second', async () => {
    const { tables, gate } = await begun();
    const batch = jest.spyOn(tables, 'batch');
    for (let time = 5_000; time <= 6_000; time += 10) await settle(gate, time);
    expect(batch).toHaveBeenCalledTimes(1);
  });

  it('settles nothing that it could not store', async () => {
    const { tables, gate } = await begun();
    jest.spyOn(tables, 'batch').mockRejectedValueOnce(new Error('The disk is full.'));
    await expect(settle(gate, 5_000)).rejects.toMatchObject({ code: 'unavailable' });
    await settle(gate, 5_000);
    expect(await (await GateAlone.open(tables)).enter()).toBe(6_000);
  });
});
