import { writeBundle, type WrittenBundle } from '../../src/bundles/write-bundle';
import type { BundleScope } from '../../src/bundles/scope';
import { LedgerSigner } from '../../src/proofs/signed-root/ledger-signer';
import { BundleCheck, type Report } from '../../src/checker/check-bundle';
import type { LedgerEntry } from '../../src/checker/derivation/reference';
import { FULL_SPEED } from '../../src/projections/pace';
import { project } from '../../src/projections/project';
import { temporaryDatabase } from '../../src/read-model/sqlite/sqlite-read-model';
import { makeSigningKey } from '../../src/security/signing-keys';
import { emptyModel, NOW } from './ledger-in-memory';
import { storeOf } from './stored-ledger';

export const EVERYTHING: BundleScope = { period: null, user_id: null };

/** Signs the roots of generated ledgers with a new key. */
export function makeSigner(ledgerId = 'generated'): Promise<LedgerSigner> {
  const key = makeSigningKey(NOW);
  const keys = { all: () => Promise.resolve([key] as const), rotate: () => Promise.resolve(key) };
  return LedgerSigner.of(ledgerId, keys, NOW);
}

function signing(signer: LedgerSigner) {
  const { verifierKey, handovers } = signer;
  return { verifierKey, handovers, sign: (size: number, root: string) => signer.sign(size, root) };
}

/** A generated ledger, stored and projected, from which bundles can be made. */
export class BundledLedger {
  private constructor(
    private readonly store: Awaited<ReturnType<typeof storeOf>>,
    private readonly model: Awaited<ReturnType<typeof emptyModel>>,
    readonly signer: LedgerSigner,
  ) {}

  static async of(entries: readonly LedgerEntry[], signer: LedgerSigner): Promise<BundledLedger> {
    const store = await storeOf(entries, true);
    const model = await emptyModel();
    await project(store, model.rows, await store.head(), () => undefined, { pageSize: 1_000 });
    return new BundledLedger(store, model, signer);
  }

  /** The bundle's lines, without line feeds; events are read in pages of `pageSize`. */
  async bundle(
    scope: BundleScope,
    pageSize = 1_000,
  ): Promise<{ lines: string[]; written: WrittenBundle }> {
    let text = '';
    const written = await writeBundle(
      {
        scope,
        store: this.store,
        rows: this.model.queries,
        openTemporary: temporaryDatabase,
        signer: { ...signing(this.signer), witnessed: () => Promise.resolve([]) },
        now: NOW,
        pace: { ...FULL_SPEED, pageSize: () => pageSize },
      },
      (piece) => {
        text += piece;
        return Promise.resolve();
      },
    );
    return { lines: text.trimEnd().split('\n'), written };
  }
}

/** The checker's report on a bundle's lines. */
export function check(lines: readonly string[], key?: string): Report {
  const checking = new BundleCheck(key);
  for (const [at, line] of lines.entries()) if (!checking.take(at + 1, line)) break;
  return checking.report();
}
