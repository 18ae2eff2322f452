import fc from 'fast-check';

import { ItemTooLongError, parseListInPieces } from './json-in-pieces';
import { parseStrictJson, StrictJsonError } from './strict-json';

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Returns what reading yields: the value, or the code and position of the mistake. */
async function outcome(read: () => unknown): Promise<unknown> {
  try {
    return { value: await read() };
  } catch (error) {
    if (!(error instanceof StrictJsonError)) throw error;
    return { code: error.code, character: error.character };
  }
}

const listText = fc
  .tuple(
    fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 12 }),
    fc.constantFrom(undefined, 1, '\t'),
  )
  .map(([list, indent]) => JSON.stringify(list, null, indent));

/** A list as it was written, or with a few characters removed, inserted or replaced. */
const maybeSpoiled = fc
  .tuple(
    listText,
    fc.option(
      fc.tuple(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(3),
        fc.constantFrom('', ',', ']', '[', '}', '{', '"', '\\', ' ', ':', 'x', '\u00a0', '1', 'é'),
      ),
    ),
  )
  .map(([text, change]) => {
    if (change === null) return text;
    const at = Math.floor(change[0] * text.length);
    return text.slice(0, at) + change[2] + text.slice(at + change[1]);
  });

describe('a JSON list that is read in pieces', () => {
  it('gives the same value as the whole text, or the same mistake at the same position', () =>
    fc.assert(
      fc.asyncProperty(maybeSpoiled, fc.integer({ min: 1, max: 60 }), async (text, piece) => {
        const bytes = bytesOf(text);
        const whole = (await outcome(() => parseStrictJson(bytes))) as Outcome;
        const pieces = (await outcome(() => parseListInPieces(bytes, 1e6, piece))) as Outcome;
        if (!/^[ \t\n\r]*\[/.test(text)) return expect(pieces).toEqual({ value: undefined });
        expect('value' in pieces).toBe('value' in whole);
        if ('value' in whole) return expect(pieces).toEqual(whole);
        expect(pieces.code).toBe('not_json');
        // If V8 gives the position for both, the positions agree.
        const places = [whole.character, pieces.character].filter((place) => place !== undefined);
        expect(new Set(places).size).toBeLessThan(2);
      }),
      { numRuns: 2_000 },
    ));

  it.each([
    ['[1,', 'not_json', 3],
    ['[1,]', 'not_json', 3],
    ['[,1]', 'not_json', 1],
    ['[1]]', 'not_json', 3],
    ['[1}', 'not_json', 2],
    ['[1] x', 'not_json', 4],
    ['["é",\u00a0,2]', 'not_json', 5],
    [`${'['.repeat(65)}${']'.repeat(65)}`, 'too_deep', undefined],
  ])('refuses %s', async (text, code, character) => {
    const mistake = await outcome(() => parseListInPieces(bytesOf(text), 1e6, 1));
    expect(mistake).toMatchObject({ code });
    // V8 does not give the position of every mistake.
    expect([undefined, character]).toContain((mistake as Outcome).character);
  });

  it('refuses what is not UTF-8', async () => {
    const bytes = Uint8Array.of(0x5b, 0x22, 0xff, 0x22, 0x5d);
    expect(await outcome(() => parseListInPieces(bytes, 1e6))).toMatchObject({ code: 'not_utf8' });
  });

  it('allows as many levels as parseStrictJson does', async () => {
    const text = `${'['.repeat(64)}${']'.repeat(64)}`;
    expect(await parseListInPieces(bytesOf(text), 1e6)).toEqual(JSON.parse(text));
  });

  it('gives the index of an item that is too long', async () => {
    const text = JSON.stringify(['a', 'b'.repeat(100), 'c']);
    await expect(parseListInPieces(bytesOf(text), 50)).rejects.toEqual(new ItemTooLongError(1));
    await expect(parseListInPieces(bytesOf(text), 50, 1)).rejects.toEqual(new ItemTooLongError(1));
  });

  it('lets other work run between pieces', async () => {
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 0);
    const text = JSON.stringify(Array.from({ length: 50_000 }, (_, index) => ({ index })));
    await parseListInPieces(bytesOf(text), 1e6, 10_000);
    clearInterval(counting);
    expect(turns).toBeGreaterThan(5);
  });
});

interface Outcome {
  readonly value?: unknown;
  readonly code?: string;
  readonly character?: number;
}
