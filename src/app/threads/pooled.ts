import type { Drafts } from '../../domain/account/drafts';
import type { BundleListener } from '../../bundles/bundles';
import type { BundleRequest } from '../../bundles/make-bundle';
import type { ByteSink } from '../../bundles/sink';
import type { BundleSigner } from '../../bundles/write-bundle';
import type { ExportSourceStream } from '../../exports/exports';
import type { ExportRequest } from '../../exports/open-export';
import type { JobContext } from '../../jobs/jobs';
import type { RebuildResult } from '../../projections/rebuild';
import type { ReadModelSwitch } from '../../read-model/rebuildable';
import type { RehearsalResult } from '../../replay/rehearsal';
import type { RehearsalItems } from '../../replay/rehearsal-items';
import type { ReplayRequest, ReplayResult } from '../../replay/replay';
import type { Elsewhere } from '../../snapshots/answers';
import type { Places } from '../../snapshots/places';
import type { VerifyResult } from '../../verify/verify';
import { Handoff } from '../../threads/handoff';
import type { Answerers } from '../../threads/peer';
import type { ThreadPool } from '../../threads/pool';
import type { ReconciliationThreads } from '../../reconcile/reconciliations';
import type {
  BundleCalls,
  CheckCalls,
  ExportCalls,
  PlaceCalls,
  RebuildCalls,
  ReconcileCalls,
  RehearsalCalls,
  ReplayCalls,
  WorkerCalls,
} from './worker-calls';

/** The pool of threads, as its callers see it. */

export type Workers = ThreadPool<WorkerCalls>;

/**
 * Has a thread fill a read model beside the live one.
 * @param goal returns the position to reach; called again as the live read model advances.
 * @param exchange puts the new read model in place of the live one; `undefined` if connections need not know of the
 * swap.
 */
export async function rebuildOnThread(
  pool: Workers,
  goal: () => Promise<number>,
  exchange: ReadModelSwitch | undefined,
  { signal, report }: JobContext,
): Promise<RebuildResult> {
  const back: Answerers<RebuildCalls> = {
    progress: report,
    goal,
    hold: () => exchange?.hold(),
    begin: () => exchange?.begin(),
    end: (replaced) => exchange?.end(replaced),
    release: () => exchange?.release(),
  };
  try {
    return await pool.ask('rebuild', undefined, { signal, back });
  } finally {
    await exchange?.abandon();
  }
}

/** Has a thread verify the ledger once, using `share` of a core. */
export function checkOnThread(
  pool: Workers,
  share: number,
  signal: AbortSignal,
  onProgress: (events: number) => void,
): Promise<VerifyResult> {
  const back: Answerers<CheckCalls> = { progress: onProgress };
  return pool.ask('check', { share }, { signal, back });
}

/** Reads vendors' lists and compares them with the ledger's logs, on threads of a pool. */
export function reconcileOnThreads(pool: Workers): ReconciliationThreads {
  return {
    read: (asked) => pool.ask('readList', asked),
    compare: (asked, signal, report) => {
      const back: Answerers<ReconcileCalls> = { progress: report };
      return pool.ask('reconcile', asked, { signal, back });
    },
  };
}

/** Answers questions on threads of a pool. */
export function elsewhereOn(pool: Workers): Elsewhere {
  return (asked, signal, key) =>
    pool.ask('answer', asked, { signal, ...(key === undefined ? {} : { key }) });
}

/** Replays, rehearsals, exports and bundles on threads of a pool. */
export class PooledAudits {
  private readonly back: Answerers<PlaceCalls>;

  constructor(
    private readonly pool: Workers,
    places: Pick<Places, 'placeOf'>,
    private readonly signer: BundleSigner,
    /** Milliseconds since 1970. */
    private readonly now: () => number,
  ) {
    this.back = { placeOf: (asOf) => places.placeOf(asOf) };
  }

  replay(request: ReplayRequest, { signal, report }: JobContext): Promise<ReplayResult> {
    const back: Answerers<ReplayCalls> = { ...this.back, progress: report };
    return this.pool.ask('replay', request, { signal, back });
  }

  rehearse(
    request: ReplayRequest,
    drafts: Drafts,
    items: RehearsalItems,
    { signal, report }: JobContext,
  ): Promise<RehearsalResult> {
    const back: Answerers<RehearsalCalls> = {
      ...this.back,
      progress: report,
      items: (some) => items.add(some),
    };
    return this.pool.ask('rehearse', { request, drafts }, { signal, back });
  }

  /** @param signal aborted when the caller goes away before the export has begun. */
  export(request: ExportRequest, signal: AbortSignal): Promise<ExportSourceStream> {
    const pieces = new Handoff<Uint8Array>();
    const ending = new AbortController();
    const end = () => ending.abort(new Error('Nobody reads the export any more.'));
    signal.addEventListener('abort', end, { once: true });
    return new Promise((resolve, reject) => {
      const back: Answerers<ExportCalls> = {
        ...this.back,
        begun: (position) => {
          signal.removeEventListener('abort', end);
          resolve({ position, pieces: pieces.all(), close: () => (end(), made) });
        },
        piece: (bytes) => pieces.put(bytes),
      };
      const made = this.pool.ask('export', request, { signal: ending.signal, back }).then(
        () => pieces.end(),
        (error: Error) => {
          reject(error);
          pieces.fail(error);
        },
      );
    });
  }

  async bundle(
    request: BundleRequest,
    signal: AbortSignal,
    sink: ByteSink,
    told: BundleListener,
  ): Promise<void> {
    const { signer } = this;
    const back: Answerers<BundleCalls> = {
      ...this.back,
      turn: () => told.turn(),
      begun: (position) => told.begun(position),
      piece: sink,
      sign: async ({ size, root }) => {
        const note = await signer.sign(size, root);
        return { note, verifierKey: signer.verifierKey, handovers: signer.handovers };
      },
      witnessed: (size) => signer.witnessed(size),
    };
    await this.pool.ask('bundle', { request, now: this.now() }, { signal, back });
  }
}
