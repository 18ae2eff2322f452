import { shareMemory } from './memory';

describe('the shares of memory', () => {
  it('grow with what is left after the part that does not shrink', () => {
    const [small, large] = [195 + 341, 195 + 4 * 341].map(shareMemory);
    expect(small!.projection.logs).toBe(100_000);
    expect(large!.projection.logs).toBe(4 * small!.projection.logs);
    expect(large!.eventCacheKb).toBe(4 * small!.eventCacheKb);
  });

  it('let V8 decide when to sweep once there is plenty', () => {
    expect(shareMemory(2_047).heapGrowingPercent).toBe(174);
    expect(shareMemory(2_048).heapGrowingPercent).toBeUndefined();
  });

  it('are whole numbers, and never give young objects more than helps', () => {
    for (const mb of [256, 257, 777, 65_536]) {
      const { heapGrowingPercent: _, projection, ...others } = shareMemory(mb);
      for (const share of [...Object.values(projection), ...Object.values(others)]) {
        expect(Number.isInteger(share)).toBe(true);
        expect(share).toBeGreaterThan(0);
      }
      expect(others.projectionYoungMb).toBeLessThanOrEqual(384);
      expect(others.workerYoungMb).toBeLessThanOrEqual(384);
    }
  });
});
