import { BoundedMap } from './bounded-map';

describe('a bounded map', () => {
  it('keeps the most recently used entries, and no more than its bound', () => {
    const map = new BoundedMap<number, string>(10);
    for (let key = 0; key < 100; key += 1) map.set(key, String(key));
    const kept = Array.from({ length: 100 }, (_, key) => key).filter((key) => map.get(key));
    expect(kept.length).toBeGreaterThanOrEqual(5);
    expect(kept.length).toBeLessThanOrEqual(10);
    expect(kept.at(-1)).toBe(99);
  });

  it('keeps an entry that is used again and again', () => {
    const map = new BoundedMap<number, string>(10);
    map.set(-1, 'asked for');
    for (let key = 0; key < 100; key += 1) {
      map.set(key, String(key));
      if (key % 2 === 0) expect(map.get(-1)).toBe('asked for');
    }
  });

  it('keeps few entries if they are heavy, or become heavy', () => {
    const map = new BoundedMap<number, string>(100, { most: 100, weightOf: (text) => text.length });
    const kept = () => Array.from({ length: 50 }, (_, key) => key).filter((key) => map.get(key));
    for (let key = 0; key < 50; key += 1) map.set(key, 'x'.repeat(25));
    expect(kept().length).toBeLessThanOrEqual(4);
    expect(map.get(49)).toBeDefined();
    map.clear();
    for (let key = 0; key < 50; key += 1) {
      map.set(key, 'x');
      map.grew(25);
    }
    expect(kept().length).toBeLessThanOrEqual(4);
  });

  it('forgets deleted entries', () => {
    const map = new BoundedMap<number, string>(4);
    for (let key = 0; key < 3; key += 1) map.set(key, String(key));
    for (let key = 0; key < 3; key += 1) map.delete(key);
    expect([0, 1, 2].map((key) => map.get(key))).toEqual([undefined, undefined, undefined]);
    map.set(5, 'five');
    map.clear();
    expect(map.get(5)).toBeUndefined();
  });
});
