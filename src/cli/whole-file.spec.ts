import { execFileSync } from 'node:child_process';
import fs, {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { checkFileName, OR_STANDARD_OUTPUT, writeWhole } from './whole-file';

describe('a file that a command writes', () => {
  let folder: string;
  let mask: number;
  const path = () => join(folder, 'october.csv');
  const write = (pieces: Iterable<string> | AsyncIterable<string>) =>
    writeWhole(path(), (file) => pipeline(Readable.from(pieces), file));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'minutebook-whole-'));
    mask = process.umask(0);
  });
  afterEach(() => {
    process.umask(mask);
    rmSync(folder, { recursive: true, force: true });
  });

  it('can be read by its owner alone, whatever the umask, and whoever could read the one before', async () => {
    writeFileSync(path(), 'before', { mode: 0o644 });
    await write(['one,', 'two']);
    expect(readFileSync(path(), 'utf8')).toBe('one,two');
    expect(statSync(path()).mode & 0o777).toBe(0o600);
  });

  it('does not exist if it could not be completed', async () => {
    const broken = function* () {
      yield 'one,';
      throw new Error('gone');
    };
    await expect(write(broken())).rejects.toThrow('gone');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('does not exist if none of it was written', async () => {
    await expect(writeWhole(path(), () => Promise.reject(new Error('gone')))).rejects.toThrow(
      'gone',
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is whole though another process writes the same file at the same time', async () => {
    let goOn!: () => void;
    const wait = new Promise<void>((resolve) => (goOn = resolve));
    const slowly = async function* () {
      yield 'slow,';
      await wait;
      yield 'slow';
    };
    const slow = write(slowly());
    await write(['quick,', 'quick,', 'quick']);
    expect(readFileSync(path(), 'utf8')).toBe('quick,quick,quick');
    goOn();
    await slow;
    expect(readFileSync(path(), 'utf8')).toBe('slow,slow');
    expect(readdirSync(folder)).toEqual(['october.csv']);
  });

  it('is not written into a file that somebody left or planted beside it', async () => {
    const planted = [`${path()}.partial`, join(folder, 'elsewhere')];
    writeFileSync(planted[1]!, 'theirs', { mode: 0o644 });
    for (const plant of [
      () => writeFileSync(planted[0]!, 'theirs', { mode: 0o644 }),
      () => symlinkSync(planted[1]!, planted[0]!),
    ]) {
      rmSync(planted[0]!, { force: true });
      plant();
      await write(['ours']);
      expect(statSync(path()).mode & 0o777).toBe(0o600);
      expect(planted.map((one) => readFileSync(one, 'utf8'))).toEqual(['theirs', 'theirs']);
    }
  });

  it.each([
    ['a folder', () => mkdirSync(path()), 'is a folder, not a file. Name a file in it.'],
    [
      'a pipe',
      () => execFileSync('mkfifo', [path()]),
      `is a device, a pipe or a socket, not a file. ${OR_STANDARD_OUTPUT}`,
    ],
    // What standard output is depends on who runs this test.
    ['standard output', () => symlinkSync('/dev/stdout', path()), OR_STANDARD_OUTPUT],
    ['a device', () => symlinkSync('/dev/null', path()), OR_STANDARD_OUTPUT],
  ])('does not take the name of %s', async (_, make, says) => {
    make();
    const { ino } = lstatSync(path());
    const writing = writeWhole(
      path(),
      () => Promise.reject(new Error('begun')),
      OR_STANDARD_OUTPUT,
    );
    await expect(writing).rejects.toThrow(says);
    expect(readdirSync(folder)).toEqual(['october.csv']);
    expect(lstatSync(path()).ino).toBe(ino);
  });

  it('is refused before any work if its folder is missing', async () => {
    const missing = join(folder, 'missing');
    await expect(checkFileName(join(missing, 'october.csv'))).rejects.toThrow(
      `There is no folder ${missing} to write`,
    );
    await checkFileName(path());
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is on disk before it gets its name', async () => {
    const named: boolean[] = [];
    const { fsync } = fs;
    const spy = jest.spyOn(fs, 'fsync').mockImplementation((descriptor, done) => {
      named.push(existsSync(path()));
      fsync(descriptor, done);
    });
    await write(['one']);
    spy.mockRestore();
    expect(named).toEqual([false]);
  });
});
