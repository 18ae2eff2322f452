import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { OwnFolder } from './own-folder';

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
});
