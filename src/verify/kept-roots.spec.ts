import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { makeSigner } from '../../test/support/bundled';
import { FULL_SPEED } from '../projections/pace';
import { RootFolder } from '../proofs/signed-root/root-archive';
import { Faults } from './faults';
import { readAnchors } from './kept-roots';

const ROOT = '07'.repeat(32);

describe('the kept roots that a check reads', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'minutebook-roots-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const fileOf = (size: number, pinned = '') =>
    join(folder, `${String(size).padStart(16, '0')}${pinned}.txt`);

  it('are those that stay while the service signs: it removes old ones, and pins others', async () => {
    const signer = await makeSigner();
    for (let size = 1; size <= 60; size += 1) writeFileSync(fileOf(size), signer.sign(size, ROOT));
    const signing = {
      ...FULL_SPEED,
      rest: () => {
        rmSync(fileOf(55));
        renameSync(fileOf(56), fileOf(56, '-pinned'));
        return Promise.resolve();
      },
    };
    const faults = new Faults();
    const anchors = await readAnchors(
      new RootFolder(folder),
      signer.verifierKeys,
      signer.origin,
      faults,
      signing,
    );
    expect(faults.shown).toEqual([]);
    expect(anchors.slice(50).map(({ size }) => size)).toEqual([51, 52, 53, 54, 56, 57, 58, 59, 60]);
  });

  it('include every pinned one: the check fails if one goes', async () => {
    const signer = await makeSigner();
    for (const size of [1, 2]) writeFileSync(fileOf(size, '-pinned'), signer.sign(size, ROOT));
    const roots = new RootFolder(folder).all();
    await roots.next();
    rmSync(fileOf(2, '-pinned'));
    await expect(roots.next()).rejects.toThrow(/root of 2 events was removed .* run this again/);
  });
});
