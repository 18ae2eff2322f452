import { text } from 'node:stream/consumers';

import { parse } from 'csv-parse/sync';
import fc from 'fast-check';

import { csvLines, csvOf } from './csv';

/** Restores a text as docs/how-to/export-to-your-books.md says. */
const given = (cell: string) =>
  cell
    .replace(/^'(?=[=+\-@\t\r\n'＝＋－＠])/, '')
    .replace(/(?<=[;\t\r\n])'(?=[=+\-@'"＝＋－＠])/g, '');

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'=+-@\'",;\r\n\t 05.＝－'), maxLength: 8 }),
);

describe('CSV', () => {
  it('gives back every text, whatever it contains', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyText, anyText), { minLength: 1, maxLength: 5 }), (rows) => {
        const cells: string[][] = parse(csvLines(rows), { relax_column_count: true });
        expect(cells.map((row) => row.map(given))).toEqual(rows);
      }),
    );
  });

  it.each(['=1+1', '+1', '-1+2', '@SUM(A1)', '\tx', '-', '-1e5', '＝1', "'=1"])(
    'does not let a spreadsheet run %j',
    (value) => {
      expect(csvLines([[value, 'x']])).toBe(`'${value},x\r\n`);
    },
  );

  it.each(['\rx', '\nx'])('quotes %j, and does not let a spreadsheet run it', (value) => {
    expect(csvLines([[value]])).toBe(`"'${value}"\r\n`);
  });

  it.each([
    ['a;=1+1;b', "a;'=1+1;b"],
    ['a\t@x', "a\t'@x"],
    ['a;;－1', "a;;'－1"],
    ['a\n+1', `"a\n'+1"`],
    ['a,;=1', `"a,;'=1"`],
    ['a;"=1"', `"a;'""=1"""`],
    ["a;'=1", "a;''=1"],
    [';=1', ";'=1"],
    ['\n=1', `"'\n'=1"`],
    ['=1;=2', "'=1;'=2"],
  ])('does not let a spreadsheet run %j that splits it at another separator', (value, written) => {
    expect(csvLines([[value, 'x']])).toBe(`${written},x\r\n`);
  });

  it('lets no text begin a cell with a formula, wherever a spreadsheet splits it', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        const cells = csvLines([['x', value, 'y']]).split(/[;\t\r\n]/);
        expect(cells.filter((cell) => /^"*[=+\-@＝＋－＠]/.test(cell))).toEqual([]);
      }),
    );
  });

  it.each(['a; b', 'a;b', '1;2', 'a\r\nb'])('keeps %j readable', (value) => {
    expect(parse(csvLines([[value]]))).toEqual([[value]]);
  });

  it.each(['a', '0', '-1', '-0.5', '12.25', 'a=b'])('leaves %j as it is', (value) => {
    expect(csvLines([[value, 'x']])).toBe(`${value},x\r\n`);
  });

  it('follows RFC 4180: quotes, commas and line ends are quoted, lines end in CR LF', async () => {
    async function* rows() {
      yield { name: 'a "b", c', cents: -5 };
      await Promise.resolve();
      yield { name: '=1\n2', cents: 7 };
    }
    expect(await text(csvOf(rows(), ['name', 'cents']))).toBe(
      `name,cents\r\n"a ""b"", c",-5\r\n"'=1\n2",7\r\n`,
    );
  });

  it('reads rows no faster than the file is read, and ends them if nobody reads on', async () => {
    let read = 0;
    let ended = false;
    async function* rows() {
      try {
        for (;;) {
          read += 1;
          yield { name: 'x'.repeat(1_000) };
          await Promise.resolve();
        }
      } finally {
        ended = true;
      }
    }
    const stream = csvOf(rows(), ['name']);
    for await (const _ of stream) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(ended).toBe(true);
    expect(read).toBeLessThan(2_000);
  });

  it('breaks off if its rows fail, so that half a list does not look complete', async () => {
    async function* rows() {
      yield { name: 'a' };
      await Promise.resolve();
      throw new Error('The disk is gone.');
    }
    await expect(text(csvOf(rows(), ['name']))).rejects.toThrow('The disk is gone.');
  });
});
