import { LastCovered } from '../../proofs/last-covered';
import { LedgerProofs } from '../../proofs/proofs';
import { Checkpoints } from '../../proofs/published/checkpoints';
import { LedgerSigner } from '../../proofs/signed-root/ledger-signer';
import { RootKeeper } from '../../proofs/signed-root/root-keeper';
import { RootSigner } from '../../proofs/signed-root/root-signer';
import { openOutsiders, type Outsiders } from './outsiders';
import type { Parts } from './parts';
import { reportTo, warnTo, type Start } from './start';

/** How long signing the last root, at a stop, waits for the projection, in milliseconds. */
const LAST_ROOT_WAIT_MS = 5_000;

/** Signed roots: who signs them, when, and who outside sees them. */
export interface Proofs {
  readonly signer: RootSigner;
  readonly keeper: RootKeeper;
  readonly outsiders: Outsiders;
  readonly checkpoints: Checkpoints;
  readonly ledgerProofs: LedgerProofs;
  readonly covered: LastCovered;
}

export async function openProofs(
  { config, now, opened }: Start,
  { storage, cluster, projection }: Pick<Parts, 'storage' | 'cluster' | 'projection'>,
): Promise<Proofs> {
  const { ledgerId, store, vault, readModel } = storage;
  const archive = vault.roots;
  const keys = await LedgerSigner.of(ledgerId, vault.signingKeys, now(), archive);
  warnOfLostKeys(keys.lostKeys);
  const storeHead = () => store.head();
  const signs = () => cluster.lease.held;
  const signer = new RootSigner({
    signer: keys,
    heads: vault.heads,
    archive,
    readModel,
    storeHead,
    now,
  });
  const outsiders = opened.keep(
    openOutsiders({
      choice: config.outsiders,
      archive,
      signer: keys,
      sign: (size) => signer.sign(size),
      readModel,
      signs,
      warn: warnTo('signed roots'),
    }),
  );
  const keeper = new RootKeeper(signer, archive, reportTo('signed roots'), signs, (root, pinned) =>
    outsiders.kept(root, pinned),
  );
  await keeper.start();
  const stopHearing = projection.projector.advances.add((next) => keeper.advanced(next));
  opened.atClose(() => signTheLast(keeper, { storage, projection }).finally(stopHearing));
  const covered = new LastCovered(readModel, store);
  return {
    signer,
    keeper,
    outsiders,
    checkpoints: new Checkpoints(archive, config.outsiders.isPublic, covered),
    ledgerProofs: new LedgerProofs(readModel, signer),
    covered,
  };
}

/** Signs the last root. Waits a while for the projection first, so that the root covers every recorded event. */
async function signTheLast(
  keeper: RootKeeper,
  { storage, projection }: Pick<Parts, 'storage' | 'projection'>,
): Promise<void> {
  try {
    await projection.projector.waiter.waitFor(await storage.store.head(), LAST_ROOT_WAIT_MS);
  } finally {
    await keeper.close();
  }
}

/** Warns of lost keys: a lost key cannot sign a handover to its successor. */
function warnOfLostKeys(lost: readonly string[]): void {
  if (lost.length === 0) return;
  warnTo('signed roots')(
    `${lost.length === 1 ? 'A key that signed this ledger is' : `${lost.length} keys that signed this ledger are`} not in keys.db: ${lost.join(', ')}. ` +
      'What they signed can still be checked, and they stay published. But no handover note names the key that signs now. Restore keys.db from a backup, or give your auditors the new verifier key yourself (docs/how-to/change-the-signing-key.md).',
  );
}
