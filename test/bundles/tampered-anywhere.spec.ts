import fc from 'fast-check';

import { check } from '../support/bundled';
import { richBundles, type RichBundles } from '../support/rich-bundles';
import { type Json, type Lines, reseal } from '../support/tampering';

/** For a long search: `RUNS=5000 npx jest test/bundles/tampered-anywhere --testTimeout 3600000`. */
const RUNS = Number(process.env['RUNS'] ?? 150);

/** Returns a value close to the given one, as a small forgery would use. */
function near(value: Json, by: number): Json {
  switch (typeof value) {
    case 'number':
      return [value + 1, value - 1, -value - 1, value + 0.5, String(value), null][by % 6]!;
    case 'boolean':
      return [!value, null][by % 2]!;
    case 'string':
      return nearText(value, by);
    default:
      return value === null ? ['', 0, false, 'x'][by % 4]! : Array.isArray(value) ? {} : [];
  }
}

/** Replaces, drops or doubles one letter of a text, or puts null in its place. */
function nearText(value: string, by: number): Json {
  const at = by % (value.length + 1);
  const letter = value[at] ?? '';
  const other = /\d/.test(letter) ? String((Number(letter) + 1) % 10) : letter === 'a' ? 'b' : 'a';
  const begin = value.slice(0, at);
  const end = value.slice(at + 1);
  return [begin + other + end, begin + end, begin + letter + letter + end, null][by % 4]!;
}

/** Follows `path` down into a value and changes what it finds there. */
function changed(value: Json, [step, ...path]: readonly number[], by: number): Json {
  if (typeof value !== 'object' || value === null || step === undefined) return near(value, by);
  const names = Object.keys(value);
  if (names.length === 0) return near(value, by);
  const name = names[step % names.length]!;
  // A leaf is a text that is itself JSON: it holds the event.
  const inner = (value as Record<string, Json>)[name]!;
  const next =
    name === 'leaf' && by % 8 > 0
      ? JSON.stringify(changed(JSON.parse(inner as string) as Json, path, by))
      : changed(inner, path, by);
  return Array.isArray(value)
    ? value.map((one, at) => (at === Number(name) ? next : one))
    : { ...value, [name]: next };
}

/** The time when a bundle was made is the one thing that no signature covers. */
const isProvedByNothing = (from: string, to: string) => {
  const without = (line: string) => line.replace(/"made_at":"[^"]*"/, '');
  return without(from) === without(to);
};

describe('the checker, on a bundle in which anything at all was changed', () => {
  let bundles: RichBundles;

  beforeAll(async () => {
    bundles = await richBundles();
  });

  const place = fc.record({ ofMonth: fc.boolean(), line: fc.nat(), by: fc.nat() });
  const expectFound = (lines: Lines) => {
    const report = check(lines, bundles.key);
    expect(report).toMatchObject({ holds: false });
    expect(report.problems.length).toBeGreaterThan(0);
  };
  const pick = ({ ofMonth, line }: { ofMonth: boolean; line: number }) => {
    const lines = ofMonth ? bundles.october : bundles.all;
    return { lines, at: line % lines.length };
  };

  it('finds any changed value, even if the last line was recomputed', () => {
    fc.assert(
      fc.property(place, fc.array(fc.nat(), { minLength: 1, maxLength: 8 }), (one, path) => {
        const { lines, at } = pick(one);
        const line = lines[at]!;
        const other = JSON.stringify(changed(JSON.parse(line) as Json, path, one.by));
        fc.pre(other !== line && !isProvedByNothing(line, other));
        const all = lines.map((text, index) => (index === at ? other : text));
        expectFound(at === lines.length - 1 ? all : reseal(all));
      }),
      { numRuns: RUNS },
    );
  });

  it('finds any changed character, even if the last line was recomputed', () => {
    fc.assert(
      fc.property(place, fc.integer({ min: 32, max: 126 }), (one, code) => {
        const { lines, at } = pick(one);
        const line = lines[at]!;
        const column = one.by % line.length;
        const other = line.slice(0, column) + String.fromCharCode(code) + line.slice(column + 1);
        fc.pre(other !== line && !isProvedByNothing(line, other));
        const all = lines.map((text, index) => (index === at ? other : text));
        expectFound(at === lines.length - 1 ? all : reseal(all));
      }),
      { numRuns: RUNS },
    );
  });
});
