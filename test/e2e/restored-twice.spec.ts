import { join } from 'node:path';

import { acceptRestore, planRestore } from '../../src/proofs/accept-restore';
import { RootFolder } from '../../src/proofs/signed-root/root-archive';
import { putBack, restored, verified, withRestoreParts } from '../support/restored';
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
      for await (const { size, note } of roots.all()) {
        const root = Buffer.from(note.split('\n', 3)[2]!, 'base64').toString('hex');
        await roots.giveUp({ size, root });
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
      await cosign(folder, note);
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
});

function cosign(folder: string, note: string): Promise<string> {
  const line = `— w1 ${Buffer.from('w1  signed').toString('base64')}`;
  return new RootFolder(join(folder, 'checkpoints')).cosign({ size: 5, note }, line, '77312020');
}
