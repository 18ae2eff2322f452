import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ApiKeys } from './api-keys';
import { makeFirstKeys } from './first-keys';

describe('the first keys', () => {
  const folder = fs.mkdtempSync(join(tmpdir(), 'minutebook-first-'));
  afterAll(() => {
    jest.restoreAllMocks();
    fs.rmSync(folder, { recursive: true });
  });

  it('are on disk, with the folders that name them, before they become valid', async () => {
    const steps: string[] = [];
    const names = new Map<number, fs.PathLike>();
    const { fsyncSync, openSync, renameSync } = fs;
    jest.spyOn(fs, 'openSync').mockImplementation((path, ...more) => {
      const file = openSync(path, ...more);
      names.set(file, path);
      return file;
    });
    jest.spyOn(fs, 'fsyncSync').mockImplementation((file) => {
      fsyncSync(file);
      steps.push(`sync ${String(names.get(file))}`);
    });
    jest.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
      renameSync(from, to);
      steps.push(`rename ${String(from)}`);
    });
    const keys: Pick<ApiKeys, 'begin'> = {
      begin: (make) => {
        make(Buffer.alloc(32));
        steps.push('valid');
        return Promise.resolve(true);
      },
    };
    const dataDir = join(folder, 'data');
    const path = join(dataDir, 'initial-keys.json');
    expect(await makeFirstKeys(keys, dataDir, 0)).toBe(path);
    expect(steps).toEqual([
      `sync ${path}.new`,
      `rename ${path}.new`,
      `sync ${dataDir}`,
      `sync ${folder}`,
      'valid',
    ]);
  });
});
