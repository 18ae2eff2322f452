import { join } from 'node:path';

import { withBundleParts } from '../../src/app/audit-parts';
import { acceptRestore, planRestore } from '../../src/proofs/accept-restore';
import { RootFolder, type KeptRoot } from '../../src/proofs/signed-root/root-archive';
import { configOf, putBack, restored, verified, withRestoreParts } from '../support/restored';
import { completed, TestService } from '../support/service';

const NOW = Date.parse('2026-11-20T00:00:00Z');
const said = { reason: 'disk lost', author: 'ann', now: NOW };

/** Accepts a restore. Returns the sizes of the roots that it gave up. */
const accept = (folder: string) =>
  withRestoreParts(folder, async (parts) => {
    const plan = await planRestore(parts);
    if (plan.givenUp.length > 0) await acceptRestore(parts, plan, said);
    return plan.givenUp.map(({ size }) => size);
  });

/** Serves the ledger, records some events and signs a root at the clean stop. */
async function served(folder: string, events: number): Promise<void> {
  const service = await TestService.start({ dataDir: folder, now: () => NOW });
  await service.batch(Array.from({ length: events }, () => completed()));
  await service.close();
}

describe('a ledger restored twice from the same backup', () => {
  it('gives up again what the first restore gave up, whose event is gone', async () => {
    const { folder, backup } = await restored(3);
    expect(await accept(folder)).toEqual([6]);
    await served(folder, 4);
    putBack(folder, backup);
    expect(await accept(folder)).toEqual([6, 8]);
    expect(await accept(folder)).toEqual([]);
    await served(folder, 1);
    const { items, restores } = await verified(folder);
    expect(items).toEqual([]);
    expect(restores.map(({ given_up }) => given_up.map(({ size }) => size))).toEqual([[6, 8]]);
  });

  it('has no fault if what was given up is back after all', async () => {
    const { folder, backup } = await restored(0);
    await withRestoreParts(folder, async ({ roots }) => {
      for await (const kept of roots.all()) {
        await roots.giveUp({ size: kept.size, root: rootIn(kept) });
      }
      expect(await roots.givenUp()).not.toEqual([]);
    });
    putBack(folder, backup);
    await served(folder, 1);
    expect((await verified(folder)).items).toEqual([]);
  });
});

describe('a root that only a witness still has', () => {
  it('is given up with the others, and kept as evidence', async () => {
    const { folder } = await restored(3);
    const vault = await withRestoreParts(folder, async ({ signer, roots, ...rest }) => {
      const note = signer.sign(5, '07'.repeat(32));
      await cosign(folder, { size: 5, note });
      return planRestore({ signer, roots, ...rest });
    });
    expect(vault.givenUp.map(({ size }) => size)).toEqual([5, 6]);
    expect((await verified(folder)).items.map(({ kind }) => kind)).toContain('witness');
    await accept(folder);
    await served(folder, 1);
    expect((await verified(folder)).items).toEqual([]);
    const aside = await withRestoreParts(folder, ({ roots }) => roots.givenUp());
    expect(aside.map(({ size }) => size)).toEqual([5, 6]);
  });

  it('is neither a fault nor in bundles if a killed accept-restore did not remove it', async () => {
    const { folder } = await restored(3);
    const lost = await withRestoreParts(folder, ({ signer }) =>
      Promise.resolve({ size: 5, note: signer.sign(5, '07'.repeat(32)) }),
    );
    await cosign(folder, lost);
    await accept(folder);
    await cosign(folder, lost);
    await served(folder, 4);
    expect((await verified(folder)).items).toEqual([]);
    expect(await witnessed(folder)).toEqual([]);
  });

  it('is in bundles if it was given up, but the ledger has it after all', async () => {
    const { folder } = await restored(0);
    await withRestoreParts(folder, async ({ roots }) => {
      for await (const kept of roots.all()) {
        await roots.giveUp({ size: kept.size, root: rootIn(kept) });
        await cosign(folder, kept);
      }
    });
    await served(folder, 5);
    expect((await witnessed(folder)).map(({ checkpoint }) => checkpoint)).toEqual([
      expect.stringContaining('— w1 '),
    ]);
  });
});

/** The cosigned roots that a bundle of the whole ledger has. */
const witnessed = (folder: string) =>
  withBundleParts(configOf(folder), ({ signer }) => signer.witnessed(8));

const rootIn = ({ note }: KeptRoot) =>
  Buffer.from(note.split('\n', 3)[2]!, 'base64').toString('hex');

function cosign(folder: string, root: KeptRoot): Promise<string> {
  const line = `— w1 ${Buffer.from('w1  signed').toString('base64')}`;
  return new RootFolder(join(folder, 'checkpoints')).cosign(root, line, '77312020');
}
