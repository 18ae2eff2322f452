import { parse } from 'csv-parse/sync';
import fc from 'fast-check';

import { csvLines, csvOf, safeCell } from './csv';

/** What a person does to get a text back: one apostrophe before a formula's sign, or another one, is ours. */
const unsafe = (cell: string) => cell.replace(/^'(?=[=+\-@\t\r\n'＝＋－＠])/, '');

describe('CSV', () => {
  it('neutralises what a spreadsheet would run, and leaves numbers alone', () => {
    expect(['=1+1', '+1', '-x', '@SUM(A1)', '\tx', '\rx', '＝1', "'x"].map(safeCell)).toEqual([
      ...["'=1+1", "'+1", "'-x", "'@SUM(A1)", "'\tx", "'\rx", "'＝1", "''x"],
    ]);
    expect(['-7', '-0.07', '12', 'a=b', '', ' =1'].map(safeCell)).toEqual([
      ...['-7', '-0.07', '12', 'a=b', '', ' =1'],
    ]);
    expect(['-01', '-1e5', '-1-1', '-.5'].map(safeCell)).toEqual([
      ...["'-01", "'-1e5", "'-1-1", "'-.5"],
    ]);
  });

  it('gives back every text, whatever it holds, and ends lines with CR LF', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[=+\-@'",\r\n\t 0-9.＝－]{0,8}$/),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 5 }), (rows) => {
        const lines = csvLines(rows);
        expect(lines.endsWith('\r\n')).toBe(true);
        const cells: string[][] = parse(lines, { relax_column_count: true });
        expect(cells.map((row) => row.map(unsafe))).toEqual(rows);
      }),
    );
  });

  it('streams a header and rows, and lets go of its source when nobody reads on', async () => {
    let closed = false;
    async function* rows() {
      try {
        for (let number = 0; ; number += 1)
          yield await Promise.resolve({ a: number, b: `=${number}` });
      } finally {
        closed = true;
      }
    }
    const stream = csvOf(rows(), ['b', 'a']);
    for await (const piece of stream) {
      if (!String(piece).includes('999')) continue;
      break;
    }
    await new Promise(setImmediate);
    expect(closed).toBe(true);
    const few = csvOf(
      (async function* () {
        yield await Promise.resolve({ a: -1, b: null });
      })(),
      ['a', 'b'],
    );
    expect((await few.toArray()).map(String).join('')).toBe('a,b\r\n-1,\r\n');
  });
});
