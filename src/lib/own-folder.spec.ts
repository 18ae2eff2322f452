import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { OwnFolder } from './own-folder';
import { SqliteDatabase } from './sqlite';

describe('a folder for temporary files', () => {
  it('is removed with everything in it', async () => {
    const folder = new OwnFolder('spec');
    const inner = await folder.folder();
    await folder.close();
    expect(existsSync(dirname(inner))).toBe(false);
  });

  it('is removed although a request that was cut off still adds files', async () => {
    const folder = new OwnFolder('spec');
    const path = dirname(await folder.folder());
    const until = Date.now() + 100;
    const adding = Array.from({ length: 4 }, async () => {
      while (Date.now() < until) {
        const added = await mkdtemp(join(path, '-')).catch(() => undefined);
        if (added !== undefined) await rm(added, { recursive: true, force: true });
      }
    });
    await folder.close();
    await Promise.all(adding);
    expect(existsSync(path)).toBe(false);
  });

  it('is made at the next use if it could not be made at first', async () => {
    const folder = new OwnFolder('spec');
    jest.spyOn(SqliteDatabase.prototype, 'exec').mockImplementationOnce(() => {
      throw new Error('The disk is full.');
    });
    await expect(folder.folder()).rejects.toThrow('The disk is full.');
    expect(existsSync(await folder.folder())).toBe(true);
    await folder.close();
  });

  it('is made again, once, after the system has removed it', async () => {
    const folder = new OwnFolder('spec');
    await rm(dirname(await folder.folder()), { recursive: true });
    const inner = await Promise.all([folder.folder(), folder.folder(), folder.folder()]);
    expect(new Set(inner.map((one) => dirname(one))).size).toBe(1);
    expect(inner.every((one) => existsSync(one))).toBe(true);
    await folder.close();
    expect(existsSync(dirname(inner[0]))).toBe(false);
  });
});
