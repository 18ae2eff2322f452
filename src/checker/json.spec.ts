import { readJson } from './json';
import { DoesNotFollow } from './problem';

describe('a time in a bundle', () => {
  const read = (time: string) => readJson(JSON.stringify({ time }), 'The leaf').instant('time');

  it('may be in the last year that there is', () => {
    expect(read('9999-12-31T23:59:59.999Z')).toBe('9999-12-31T23:59:59.999Z');
  });

  it.each(['+010000-01-01T00:00:00.000Z', '-000001-12-31T00:00:00.000Z', '2026-10-05', 'never'])(
    'that no ledger writes does not follow: %s',
    (time) => {
      expect(() => read(time)).toThrow(DoesNotFollow);
    },
  );
});
