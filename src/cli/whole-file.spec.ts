import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { writeWhole } from './whole-file';

describe('a file that a command writes', () => {
  let folder: string;
  let mask: number;
  const path = () => join(folder, 'october.csv');
  const write = (pieces: Iterable<string>) =>
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
});
