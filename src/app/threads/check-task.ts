import { StoreError } from '../../event-store/errors';
import { isDamage, sqliteCode } from '../../event-store/sqlite-code';
import { PostgresUnavailableError } from '../../postgres/unavailable';
import { BackgroundPace } from '../../projections/pace';
import { trustedThrough } from '../../proofs/signed-root/handover';
import { temporaryDatabase } from '../../read-model/sqlite/sqlite-read-model';
import { FellBehindError, WentBackError } from '../../snapshots/live-snapshot';
import type { Asker } from '../../threads/peer';
import { verify, type VerifyResult } from '../../verify/verify';
import { openRoots } from '../open-vault';
import { makePastReadModel } from '../past-read-model';
import type { CheckCalls } from './worker-calls';
import type { WorkerSide } from './worker-side';

/** Runs one pass of the background check: a verification that stays within its share of a core. */
export async function checkTask(
  side: WorkerSide,
  { share }: { readonly share: number },
  asker: Asker<CheckCalls>,
): Promise<VerifyResult> {
  const { signal } = asker;
  const pace = new BackgroundPace(share, signal);
  const store = await side.store();
  const open = await openRoots(side.config);
  const { roots } = open;
  try {
    const parts = {
      // Omits the check of the whole file, which would hold the file until it ends. Only the verify command runs it.
      store: {
        readAll: store.readAll.bind(store),
        readStream: store.readStream.bind(store),
        head: store.head.bind(store),
        last: store.last.bind(store),
        close: () => Promise.resolve(),
      },
      openLive: () => side.openLive(signal),
      openTemporary: makePastReadModel,
      openItems: temporaryDatabase,
      roots,
      signedHead: () => open.signedHead(),
      verifierKeys: trustedThrough(await roots.publishedKeys(), await roots.handovers()),
      manner: { pace, isPassing: (error: unknown) => signal.aborted || isAway(error) },
    };
    const tell = (events: number) => asker.tell('progress', events);
    const result = await verify(parts, {
      scanned: (size) => tell(size),
      replayed: () => undefined,
    });
    await pace.rest();
    return result;
  } finally {
    await open.close();
  }
}

/** Whether an error is temporary and says nothing about the ledger, such as a server that is down. Damage is not. */
function isAway(error: unknown): boolean {
  if (error instanceof PostgresUnavailableError || error instanceof FellBehindError) return true;
  if (error instanceof WentBackError) return true;
  // Another process writes to keys.db.
  if (sqliteCode(error)?.startsWith('SQLITE_BUSY') === true) return true;
  return error instanceof StoreError && error.code !== 'refused' && !isDamage(error);
}
