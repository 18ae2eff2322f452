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

  it('still has a root whose giving up was interrupted, but not for witnesses', async () => {
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
});
