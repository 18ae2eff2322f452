import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { RootFolder } from '../signed-root/root-archive';
import { CheckpointFolder } from './checkpoint-folder';

const NOTE = 'minutebook/a-ledger\n7\nroot\n\n— ledger AAAAAA==\n';
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe('the folder of published roots', () => {
  let folder: string;
  let mask: number;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'minutebook-published-'));
    // As under systemd.
    mask = process.umask(0o077);
  });
  afterEach(() => {
    process.umask(mask);
    rmSync(folder, { recursive: true });
  });

  it('can be read by every user, whatever the umask, unlike the roots in the data folder', async () => {
    const path = join(folder, 'published');
    const warnings: string[] = [];
    const signer = { verifierKeys: ['ledger+1+key'], handovers: [] };
    const published = new CheckpointFolder(path, signer, (message) => warnings.push(message));
    published.publish({ size: 7, note: NOTE }, true);
    await published.close();
    expect(warnings).toEqual([]);
    const modes = readdirSync(path).map((name) => [name, modeOf(join(path, name))]);
    expect(modes.sort()).toEqual([
      ['0000000000000007-pinned.txt', '644'],
      ['checkpoint', '644'],
      ['public-keys.txt', '644'],
    ]);
    expect(modeOf(path)).toBe('755');

    const own = join(folder, 'checkpoints');
    await new RootFolder(own).keep({ size: 7, note: NOTE }, true);
    expect([modeOf(own), modeOf(join(own, '0000000000000007-pinned.txt'))]).toEqual(['700', '600']);
  });
});
