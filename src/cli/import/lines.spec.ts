import { LineSplitter, type Line } from './lines';

function split(chunks: readonly Buffer[], most = 100): Line[] {
  const splitter = new LineSplitter(most);
  return [...chunks.flatMap((chunk) => [...splitter.take(chunk)]), ...splitter.end()];
}

const texts = (lines: readonly Line[]) => lines.map(({ bytes }) => bytes?.toString('latin1'));

describe('lines', () => {
  it('end at 0x0A and at nothing else', () => {
    const text = 'a\u2028b\u2029c\u0085d\rB\u000bC\u000c\r\nlast\n';
    const lines = split([Buffer.from(text)]);
    expect(lines.map(({ bytes }) => bytes?.toString())).toEqual([
      'a\u2028b\u2029c\u0085d\rB\u000bC\u000c\r',
      'last',
    ]);
  });

  it('are the same wherever the chunks are cut', () => {
    const whole = Buffer.from('one\n\ntwo: \u2028 \u00e9\nthree');
    const expected = split([whole]);
    expect(expected.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
    for (let cut = 0; cut <= whole.length; cut += 1) {
      expect(split([whole.subarray(0, cut), whole.subarray(cut)])).toEqual(expected);
    }
    expect(split([...whole].map((byte) => Buffer.from([byte])))).toEqual(expected);
  });

  it('that are too long are not kept, and the lines after them are whole', () => {
    const chunks = ['short\n', 'x'.repeat(90), 'x'.repeat(90), 'x\nnext\n', 'y'.repeat(101)];
    const lines = split(chunks.map((text) => Buffer.from(text)));
    expect(texts(lines)).toEqual(['short', undefined, 'next', undefined]);
    expect(lines.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
  });

  it('may be exactly as long as the limit', () => {
    expect(texts(split([Buffer.from(`${'x'.repeat(100)}\n`)]))).toEqual(['x'.repeat(100)]);
  });

  it('do not come from empty input', () => {
    expect(split([])).toEqual([]);
    expect(split([Buffer.alloc(0)])).toEqual([]);
  });
});
