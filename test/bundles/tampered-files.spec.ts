import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { checkFile } from '../../src/checker/check-file';
import { richBundles, type RichBundles } from '../support/rich-bundles';
import { inLine, type Json, stated } from '../support/tampering';

const END = stated('end');

/** A way to damage a file's bytes, and what the checker must say about it. */
type Damage = readonly [name: string, damage: (file: Buffer) => Buffer, said: RegExp];

const cut = (bytes: number) => (file: Buffer) => file.subarray(0, file.length - bytes);
const after = (text: string) => (file: Buffer) => Buffer.concat([file, Buffer.from(text)]);
const before = (text: string) => (file: Buffer) => Buffer.concat([Buffer.from(text), file]);
const lines = (file: Buffer) => file.toString().trimEnd().split('\n');
const written = (all: readonly string[]) => Buffer.from(all.map((line) => `${line}\n`).join(''));
const flipped = (file: Buffer) => {
  const copy = Buffer.from(file);
  copy[copy.length >> 1]! ^= 0x10;
  return copy;
};
const end = (name: string, value: Json) => (file: Buffer) =>
  written(inLine(END, name, value)(lines(file)));

const DAMAGES: readonly Damage[] = [
  ['the last line feed cut off', cut(1), /cut off in the middle of a line/],
  ['the last line cut in two', cut(40), /cut off in the middle of a line/],
  [
    'the last line cut off',
    (file) => written(lines(file).slice(0, -1)),
    /its last line is missing/,
  ],
  [
    'half of the file cut off',
    (file) => written(lines(file).slice(0, 40)),
    /its last line is missing/,
  ],
  ['an empty file', () => Buffer.alloc(0), /the file is empty/],
  ['a line after the last', after('{"line":"note"}\n'), /There is something after the last line/],
  ['an empty line after the last', after('\n'), /There is something after the last line/],
  [
    'the last line repeated',
    (file) => written([...lines(file), lines(file).at(-1)!]),
    /There is something after/,
  ],
  [
    'a changed digest',
    end('sha256', '0'.repeat(64)),
    /the last line says 0{64}: something in the file was changed/,
  ],
  ['a changed count of events', end('events', 61), /counts 61 of "events", but there are 62/],
  ['a changed count of lines', end('stated', 0), /counts 0 of "stated"/],
  ['an extra field in the last line', end('more', 1), /The last line has the members .*more/],
  ['a missing header', (file) => written(lines(file).slice(1)), /does not begin with a header/],
  [
    'a second header',
    (file) => written([lines(file)[0]!, ...lines(file)]),
    /line of the kind header does not belong here/,
  ],
  ['a byte order mark', before('\ufeff'), /The line is not JSON/],
  [
    'bytes that are not UTF-8',
    (file) => Buffer.concat([file, Buffer.from([0xff, 10])]),
    /A line is not UTF-8/,
  ],
  [
    'a changed time at which the bundle was made',
    (file) => Buffer.from(file.toString().replace('"made_at":"2026', '"made_at":"2025')),
    /something in the file was changed/,
  ],
];

const PACKED: readonly Damage[] = [
  ['the last bytes cut off', cut(9), /cut off or changed/],
  ['half of the file cut off', (file) => file.subarray(0, file.length >> 1), /cut off or changed/],
  ['a flipped byte', flipped, /changed|was cut off|not JSON|not UTF-8/],
  [
    'another compressed file appended',
    (file) => Buffer.concat([file, gzipSync('{"line":"note"}\n')]),
    /There is something after the last line/,
  ],
];

describe('the checker, on a file with damaged bytes', () => {
  let bundles: RichBundles;
  let folder: string;

  beforeAll(async () => {
    bundles = await richBundles();
    folder = mkdtempSync(join(tmpdir(), 'minutebook-damaged-'));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function checked(bytes: Buffer) {
    const file = join(folder, 'bundle');
    writeFileSync(file, bytes);
    return checkFile(file, bundles.key);
  }
  async function expectFound(file: Buffer, said: RegExp): Promise<void> {
    const { holds, problems } = await checked(file);
    expect(holds).toBe(false);
    expect(problems.map(({ text }) => text).join('\n')).toMatch(said);
  }

  it('accepts the file before it is damaged, compressed or not', async () => {
    const whole = written(bundles.all);
    expect(await checked(whole)).toMatchObject({ holds: true });
    expect(await checked(gzipSync(whole))).toMatchObject({ holds: true });
  });

  it.each(DAMAGES)('finds %s', (_, damage, said) =>
    expectFound(damage(written(bundles.all)), said),
  );

  it.each(PACKED)('finds, in a compressed file, %s', (_, damage, said) =>
    expectFound(damage(gzipSync(written(bundles.all))), said),
  );
});
