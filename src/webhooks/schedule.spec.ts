import { pauseAfter } from './schedule';

const HOUR = 3_600_000;

describe('the pauses between tries', () => {
  it('add up to a day, and end', () => {
    const pauses = Array.from({ length: 8 }, (_, step) => pauseAfter(step, null, 0));
    expect(pauses.slice(0, 7)).toEqual(
      [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000].map((seconds) => 1_000 * seconds),
    );
    expect(pauses[7]).toBeUndefined();
  });

  it('are lengthened by a tenth at most', () => {
    expect(pauseAfter(0, null, 1)).toBe(5_500);
  });

  it('are as long as the receiver asks for, up to a day, and never shorter than planned', () => {
    expect(pauseAfter(0, HOUR, 0)).toBe(HOUR);
    expect(pauseAfter(0, 1_000 * HOUR, 0)).toBe(24 * HOUR);
    expect(pauseAfter(3, 1_000, 0)).toBe(2 * HOUR);
  });
});
