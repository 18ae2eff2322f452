import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { makeWayFor } from './make-way-for';

const mounted = new Set<string>();
// Mounting needs root. This is what the system says about a mount point.
jest.mock('node:fs', () => {
  const actual = jest.requireActual<typeof fs>('node:fs');
  const rmdirSync = (path: string) => {
    if (mounted.has(path)) throw Object.assign(new Error('EBUSY: busy'), { code: 'EBUSY' });
    actual.rmdirSync(path);
  };
  return { ...actual, rmdirSync };
});

describe('the folder that a sealed ledger will replace', () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(join(tmpdir(), 'minutebook-way-'))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('may be missing, and is removed if it is empty', () => {
    makeWayFor('--to-data-dir', folder);
    expect(fs.existsSync(folder)).toBe(false);
    makeWayFor('--to-data-dir', folder);
  });

  it('is refused if it holds anything', () => {
    fs.writeFileSync(join(folder, 'a'), '');
    expect(() => makeWayFor('--to-data-dir', folder)).toThrow(/not empty/);
  });

  it('is refused if it is a mount point, with a place that works', () => {
    mounted.add(folder);
    expect(() => makeWayFor('--to-data-dir', folder)).toThrow(`such as ${join(folder, 'ledger')}`);
  });
});
