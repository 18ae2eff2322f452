import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import promises from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { RootFolder } from '../signed-root/root-archive';
import { CheckpointFolder } from './checkpoint-folder';

const SIGNER = { verifierKeys: ['ledger+00000000+AA=='], handovers: [] };
const noteOf = (size: number) => `minutebook/a-ledger\n${size}\nroot\n\n— ledger AAAAAA==\n`;
const rootOf = (size: number) => ({ size, note: noteOf(size) });
const nameOf = (size: number) => `${String(size).padStart(16, '0')}-pinned.txt`;

describe('a folder of published roots', () => {
  let place: string;
  let path: string;
  let archive: RootFolder;
  const warnings: string[] = [];
  const begin = () => new CheckpointFolder(path, SIGNER, archive, (text) => warnings.push(text));
  const pinnedThere = () => readdirSync(path).filter((name) => name.endsWith('-pinned.txt'));

  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'minutebook-published-'));
    path = join(place, 'published');
    archive = new RootFolder(join(place, 'checkpoints'));
    warnings.length = 0;
  });
  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(place, { recursive: true, force: true });
  });

  /** Adds what is missing, and waits until that is done. */
  async function add(folder: CheckpointFolder, until: () => boolean): Promise<void> {
    folder.addMissing();
    for (let turns = 0; !until() && turns < 500; turns += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await folder.close();
  }

  it('gets the roots of closes that an earlier run stored and did not publish', async () => {
    for (const size of [3, 5]) await archive.keep(rootOf(size), true);
    await archive.keep(rootOf(8), false);
    const first = begin();
    first.publish(rootOf(3), true);
    await first.close();
    // As a power loss left it when the service did not sync it.
    writeFileSync(join(path, 'checkpoint'), '');
    await add(begin(), () => pinnedThere().length === 2);
    expect(pinnedThere()).toEqual([nameOf(3), nameOf(5)]);
    expect(readFileSync(join(path, nameOf(5)), 'utf8')).toBe(noteOf(5));
    expect(readFileSync(join(path, 'checkpoint'), 'utf8')).toBe(noteOf(8));
    expect(warnings).toEqual([]);
  });

  it('pins a root that it has, but only as one of those that are removed later', async () => {
    await archive.keep(rootOf(5), true);
    const first = begin();
    first.publish(rootOf(5), false);
    await first.close();
    expect(pinnedThere()).toEqual([]);
    await add(begin(), () => pinnedThere().length === 1);
    expect(await new RootFolder(path).sizes()).toEqual([5]);
    expect(pinnedThere()).toEqual([nameOf(5)]);
  });

  it('adds a thousand roots at most, the newest, and the others the next time', async () => {
    const all = Array.from({ length: 1_003 }, (_, index) => index + 1);
    const kept: number[] = [];
    jest.spyOn(RootFolder.prototype, 'keep').mockImplementation(({ size }, pinned) => {
      if (pinned) kept.push(size);
      return Promise.resolve();
    });
    const there = jest.spyOn(RootFolder.prototype, 'pinned');
    const stored = {
      newest: () => Promise.resolve(undefined),
      pinned: () => Promise.resolve(all),
      at: (size: number) => Promise.resolve(rootOf(size)),
    };
    for (const expected of [all.slice(3).reverse(), [3, 2, 1]]) {
      there.mockResolvedValueOnce(all.filter((size) => kept.includes(size)));
      const before = kept.length;
      const folder = new CheckpointFolder(path, SIGNER, stored, () => undefined);
      await add(folder, () => kept.length === before + expected.length);
      expect(kept.slice(before)).toEqual(expected);
    }
  });

  it('says once that the missing roots could not be added', async () => {
    await archive.keep(rootOf(5), true);
    writeFileSync(path, 'a file, where the folder should be');
    await add(begin(), () => warnings.length > 0);
    expect(warnings).toEqual([
      expect.stringMatching(/CHECKPOINT_FOLDER lacks could not be added \(E/),
    ]);
  });

  it('has the newest root on disk before it replaces the one before', async () => {
    const steps: string[] = [];
    const plain = (name: unknown) => basename(String(name)).replace(/^\.(.*)\..*$/, '$1');
    const { open, rename } = promises;
    jest.spyOn(promises, 'open').mockImplementation(async (name, ...more) => {
      const file = await open(name, ...more);
      const sync = file.sync.bind(file);
      file.sync = async () => {
        await sync();
        steps.push(`sync ${plain(name)}`);
      };
      return file;
    });
    jest.spyOn(promises, 'rename').mockImplementation(async (from, to) => {
      await rename(from, to);
      steps.push(`rename ${plain(to)}`);
    });
    const folder = begin();
    folder.publish(rootOf(5), true);
    await folder.close();
    expect(steps.slice(-3)).toEqual(['sync checkpoint', 'rename checkpoint', 'sync published']);
  });

  it('can be read by every user, whatever the umask, unlike the roots in the data folder', async () => {
    const modeOf = (at: string) => (statSync(at).mode & 0o777).toString(8);
    // As under systemd.
    const mask = process.umask(0o077);
    try {
      await archive.keep(rootOf(7), true);
      const folder = begin();
      folder.publish(rootOf(7), true);
      await folder.close();
    } finally {
      process.umask(mask);
    }
    expect(warnings).toEqual([]);
    const modes = readdirSync(path).map((name) => [name, modeOf(join(path, name))]);
    expect(modes.sort()).toEqual([
      [nameOf(7), '644'],
      ['checkpoint', '644'],
      ['public-keys.txt', '644'],
    ]);
    expect(modeOf(path)).toBe('755');
    const own = join(place, 'checkpoints');
    expect([modeOf(own), modeOf(join(own, nameOf(7)))]).toEqual(['700', '600']);
  });
});
