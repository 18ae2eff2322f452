import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { toLine } from '../../clients/typescript/src/spool/line.js';
import { Spool } from '../../clients/typescript/src/spool/spool.js';
import { eventually } from '../support/eventually';

const MAX_BYTES = 1024 * 1024;

/** Whether the next sync fails. */
let failing = false;
jest.mock('node:fs', () => {
  const real = jest.requireActual<typeof fs>('node:fs');
  const fdatasync = (descriptor: number, done: (error: Error | null) => void) => {
    if (!failing) return real.fdatasync(descriptor, done);
    failing = false;
    setTimeout(() => done(new Error('EIO')), 20);
  };
  return { ...real, fdatasync };
});

describe('a spool of the TypeScript client', () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(join(tmpdir(), 'minutebook-spool-'))));
  afterEach(() => {
    failing = false;
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
    const writer = join(folder, 'writers', 'dead');
    fs.mkdirSync(writer, { recursive: true });
    fs.writeFileSync(join(writer, 'dead-00000001.facts.1.making'), 'half');
    open();
    expect(unfinished()).toEqual([]);
    expect(fs.existsSync(writer)).toBe(false);
  });

  /** Makes the folder of a writer that is gone, with one fact. */
  const dead = (name: string, owner?: object) => {
    const writer = join(folder, 'writers', name);
    fs.mkdirSync(writer, { recursive: true });
    fs.writeFileSync(join(writer, `${name}-00000001.facts`), toLine(JSON.stringify({ id: name })));
    if (owner !== undefined) fs.writeFileSync(join(writer, 'owner.json'), JSON.stringify(owner));
    return writer;
  };
  const taken = async (spool: Spool) =>
    (await spool.take(10_000, MAX_BYTES))?.parts.flatMap((part) => part.texts);

  it('takes over the facts of a process on another host that died before the clock was set back', async () => {
    const writer = dead('a', { pid: 1, since: null, space: 'another host' });
    const later = new Date(Date.now() + 3_600_000);
    fs.utimesSync(join(writer, 'owner.json'), later, later);
    expect(await taken(open())).toEqual(['{"id":"a"}']);
  });

  it('sends what it took over, if taking more fails', async () => {
    const spool = open();
    for (const name of ['a', 'b']) dead(name);
    const failing = failToTake('b');
    expect(() => spool.adopt()).toThrow('EIO');
    failing.mockRestore();
    expect(await taken(spool)).toEqual(['{"id":"a"}']);
  });

  it('leaves what it took over to the next, if it can not be opened', async () => {
    for (const name of ['a', 'b']) dead(name);
    const failing = failToTake('b');
    expect(open).toThrow('EIO');
    failing.mockRestore();
    expect((await taken(open()))?.sort()).toEqual(['{"id":"a"}', '{"id":"b"}']);
  });

  it('appends nothing to a file after a sync of it failed, and calls nothing durable that waited with it', async () => {
    const spool = open();
    failing = true;
    const first = spool.keep('{"id":"a"}');
    await eventually(() => !failing);
    const second = spool.keep('{"id":"b"}');
    await expect(first).rejects.toMatchObject({ code: 'spool_unwritable' });
    await expect(second).rejects.toMatchObject({ code: 'spool_unwritable' });
    await spool.keep('{"id":"c"}');
    const batch = (await spool.take(10_000, MAX_BYTES))!;
    const texts = batch.parts.map((part) => part.texts);
    expect(texts).toEqual([['{"id":"a"}', '{"id":"b"}'], ['{"id":"c"}']]);
  });

  it('keeps each fact for a caller that waits for it, also the one that fills a file', async () => {
    const spool = new Spool(folder, 8 * MAX_BYTES, () => undefined);
    const large = Array.from({ length: 12 }, (_, id) => {
      return JSON.stringify({ id, text: 'x'.repeat(200_000) });
    });
    for (const text of large) await spool.keep(text);
    expect(await taken(spool)).toEqual(large.slice(0, 6));
  });

  it('holds more files than a call has room for arguments, and deletes sent ones in no time', () => {
    const spool = open();
    const segments = Array.from({ length: 200_000 }, (_, at) => {
      return { path: join(folder, `gone-${at}`), bytes: 0, notBefore: 200_000 - at };
    });
    const { queue } = spool as unknown as { queue: { add(one: object): void } };
    for (const segment of segments) queue.add(segment);
    expect(spool.due).toBe(1);
    spool.letGo({ parts: segments.slice(-20_000).map((segment) => ({ segment, texts: [] })) });
    expect(spool.due).toBe(20_001);
  });

  /** Makes taking over the files of one writer fail. */
  const failToTake = (name: string) => {
    const { renameSync } = fs;
    return jest.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
      if (String(from).includes(`${name}-0`))
        throw Object.assign(new Error('EIO'), { code: 'EIO' });
      renameSync(from, to);
    });
  };
});
