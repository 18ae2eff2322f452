import { mkdtempSync, rmSync } from 'node:fs';
import promises from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { RootFolder } from './root-archive';

const NOTE = 'minutebook/a-ledger\n7\nroot\n\n— ledger AAAAAA==\n';
const ROOT = Buffer.from('root', 'base64').toString('hex');

describe('a folder of signed roots', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'minutebook-roots-'))));
  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true, force: true });
  });

  it('still lists a root if giving it up was interrupted, but no longer as cosigned', async () => {
    const roots = new RootFolder(folder);
    await roots.keep({ size: 7, note: NOTE }, true);
    await roots.cosign({ size: 7, note: NOTE }, '— w1 dzEgIA==', '77312020');
    const { rm } = promises;
    jest
      .spyOn(promises, 'rm')
      .mockImplementationOnce(rm)
      .mockRejectedValueOnce(new Error('killed'));
    await expect(roots.giveUp({ size: 7, root: ROOT })).rejects.toThrow('killed');
    expect(await roots.cosigned()).toEqual([]);
    expect(await roots.sizes()).toEqual([7]);
    await roots.giveUp({ size: 7, root: ROOT });
    expect([await roots.sizes(), (await roots.givenUp()).length]).toEqual([[], 1]);
  });

  it('keeps apart what two witnesses cosigned, if they saw different histories of one length', async () => {
    const roots = new RootFolder(folder);
    const other = NOTE.replace('root', 'fork');
    await roots.keep({ size: 7, note: NOTE }, true);
    const first = await roots.cosign({ size: 7, note: NOTE }, '— w1 dzEgIA==', '77312020');
    rmSync(join(folder, '0000000000000007-pinned.txt'));
    await roots.keep({ size: 7, note: other }, true);
    const second = await roots.cosign({ size: 7, note: other }, '— w2 dzIgIA==', '77322020');
    const notes = (await roots.cosigned()).map(({ note }) => note);
    expect(notes.sort()).toEqual([first, second].sort());
  });
});
