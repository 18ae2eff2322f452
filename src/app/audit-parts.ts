import type { Config } from '../config/config';
import type { BundleParts } from '../bundles/make-bundle';
import { trustedThrough } from '../proofs/signed-root/handover';
import { ledgerIdIn } from '../ledger/open-ledger';
import { LedgerSigner } from '../proofs/signed-root/ledger-signer';
import { RootSigner } from '../proofs/signed-root/root-signer';
import type { VerifyParts } from '../verify/verify';
import type { EventReader } from '../event-store/port';
import { FULL_SPEED } from '../projections/pace';
import { ReadModel } from '../read-model/queries';
import { temporaryDatabase } from '../read-model/sqlite/sqlite-read-model';
import { Places } from '../snapshots/places';
import { ReadModels } from '../snapshots/read-models';
import { Clock } from '../lib/clock';
import type { AuditParts } from '../snapshots/parts';
import type { PersonalReader } from '../read-model/revealed';
import { makePastReadModel } from './past-read-model';
import { openPersonalReader } from './personal-reader';
import { keepHeapSmall } from './small-heap';
import { openEventReader, openReadModelReader } from './stores';
import { openRoots, openVault } from './open-vault';

/** Builds what replays, rehearsals, exports and bundles need from a ledger's store and its read models. */
function auditPartsOf(
  config: Config,
  store: EventReader,
  readModels: ReadModels,
  personal: PersonalReader,
): AuditParts {
  return {
    store,
    openLive: () => openReadModelReader(config),
    openTemporary: makePastReadModel,
    readModels,
    personal,
  };
}

/**
 * Opens a ledger and its read model read-only, in a separate process: a service may be running on them. Passes what
 * replays and rehearsals need to `work`, and closes it when `work` has ended.
 * @throws StoreError and Error that say what is missing.
 */
export async function withAuditParts<T>(
  config: Config,
  work: (parts: AuditParts) => Promise<T>,
): Promise<T> {
  keepHeapSmall();
  const store = await openEventReader(config);
  try {
    const live = await openReadModelReader(config);
    // Another process records, so this one cannot settle a time after the last event. It takes such a time as it is.
    const settle = () => Promise.resolve();
    const places = new Places(new ReadModel(live.queries), store, new Clock(), settle);
    const readModels = new ReadModels(store, makePastReadModel, () => FULL_SPEED, places);
    const personal = openPersonalReader(config);
    try {
      return await work(auditPartsOf(config, store, readModels, personal.reader));
    } finally {
      await personal.close();
      await readModels.close();
      await live.close();
    }
  } finally {
    await store.close();
  }
}

/**
 * Opens what a verification needs, read-only and in a separate process: a service may be running on it. The live read
 * model need not exist.
 * @param trustedKeys verifier keys to trust, along with the keys that handovers lead to from them. Default: the keys
 *   published beside the signed roots.
 * @throws StoreError if there is no ledger.
 */
export async function withVerifyParts<T>(
  config: Config,
  trustedKeys: readonly string[] | undefined,
  work: (parts: VerifyParts) => Promise<T>,
): Promise<T> {
  keepHeapSmall();
  const store = await openEventReader(config);
  try {
    const open = await openRoots(config);
    const { roots } = open;
    try {
      const believed = trustedKeys ?? (await roots.publishedKeys());
      return await work({
        store,
        openLive: () => openReadModelReader(config),
        openTemporary: makePastReadModel,
        openItems: temporaryDatabase,
        roots,
        signedHead: () => open.signedHead(),
        verifierKeys: trustedThrough(believed, await roots.handovers()),
      });
    } finally {
      await open.close();
    }
  } finally {
    await store.close();
  }
}

/**
 * Opens what bundles need, in a separate process: a service may be running on it. The ledger's newest key signs their
 * roots.
 * @throws as {@link withAuditParts}; Error if the keys can't be read.
 */
export function withBundleParts<T>(
  config: Config,
  work: (parts: BundleParts) => Promise<T>,
): Promise<T> {
  return withAuditParts(config, async (audit) => {
    const ledgerId = await ledgerIdIn(audit.store);
    const vault = await openVault(config, ledgerId);
    const live = await audit.openLive();
    try {
      const now = () => Date.now();
      const signer = new RootSigner({
        signer: await LedgerSigner.of(ledgerId, vault.signingKeys, now(), vault.roots),
        heads: vault.heads,
        archive: vault.roots,
        readModel: new ReadModel(live.queries),
        storeHead: () => audit.store.head(),
        now,
      });
      return await work({ audit, openTemporary: temporaryDatabase, signer, now });
    } finally {
      await live.close();
      await vault.close();
    }
  });
}
