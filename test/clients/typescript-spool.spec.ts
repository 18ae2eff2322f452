import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Spool } from '../../clients/typescript/src/spool/spool.js';

const MAX_BYTES = 1024 * 1024;

describe('a spool of the TypeScript client', () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(join(tmpdir(), 'minutebook-spool-'))));
  afterEach(() => {
    jest.restoreAllMocks();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const open = () => new Spool(folder, MAX_BYTES, () => undefined);
  const files = () =>
    fs
      .readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  const unfinished = () => files().filter((path) => path.endsWith('.making'));

  /** Makes a call of the file system fail, as a full disk does. */
  const fail = (call: 'writeSync' | 'fsyncSync') =>
    jest.spyOn(fs, call).mockImplementation(() => {
      throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    });

  it('leaves no half-written files on a full disk, however often it tries again', async () => {
    const spool = open();
    await spool.keep('{"id":"a"}');
    const batch = (await spool.take(10, MAX_BYTES))!;
    const before = files();
    for (const call of ['writeSync', 'fsyncSync'] as const) {
      const failing = fail(call);
      expect(() => spool.keepApart(batch, ['later'], 0)).toThrow('ENOSPC');
      expect(() => spool.keepApart(batch, ['later'], 0)).toThrow('ENOSPC');
      failing.mockRestore();
    }
    expect(files()).toEqual(before);
  });

  it('removes the half-written files of a process that died, and its folder', () => {
    const dead = join(folder, 'writers', 'dead');
    fs.mkdirSync(dead, { recursive: true });
    fs.writeFileSync(join(dead, 'dead-00000001.facts.1.making'), 'half');
    open();
    expect(unfinished()).toEqual([]);
    expect(fs.existsSync(dead)).toBe(false);
  });
});
