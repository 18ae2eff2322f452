import type { BundleRequest } from '../../bundles/make-bundle';
import { makeBundle } from '../../bundles/make-bundle';
import type { BundleSigner } from '../../bundles/write-bundle';
import { openExport, type ExportRequest } from '../../exports/open-export';
import { Problem } from '../../http/problem';
import { ThreadPace } from '../../projections/pace';
import { LedgerIndex } from '../../read-model/ledger-index';
import { ReadModel } from '../../read-model/queries';
import { temporaryDatabase } from '../../read-model/sqlite/sqlite-read-model';
import { rehearse, type RehearsalResult } from '../../replay/rehearsal';
import { replay, type ReplayRequest, type ReplayResult } from '../../replay/replay';
import { WentBackError } from '../../snapshots/live-snapshot';
import { StoppedShortError } from '../../snapshots/replayed';
import { Snapshots } from '../../snapshots/snapshots';
import type { Asker } from '../../threads/peer';
import type {
  BundleCalls,
  ExportCalls,
  RehearsalCalls,
  ReplayCalls,
  WorkerCalls,
} from './worker-calls';
import type { WorkerSide } from './worker-side';

export async function replayTask(
  side: WorkerSide,
  request: ReplayRequest,
  asker: Asker<ReplayCalls>,
): Promise<ReplayResult> {
  const parts = await side.auditParts(asker);
  const pace = new ThreadPace(asker.signal);
  return explained(replay(parts, request, pace, (progress) => asker.tell('progress', progress)));
}

export async function rehearseTask(
  side: WorkerSide,
  { request, drafts }: WorkerCalls['rehearse']['asked'],
  asker: Asker<RehearsalCalls>,
): Promise<RehearsalResult> {
  const parts = await side.auditParts(asker);
  const pace = new ThreadPace(asker.signal);
  const items = { add: (some: RehearsalCalls['items']['asked']) => asker.ask('items', some) };
  const report = (progress: ReplayCalls['progress']['asked']) => asker.tell('progress', progress);
  return explained(rehearse(parts, request, drafts, pace, report, items));
}

/** Makes an export piece by piece: each piece when the one before it has been taken. */
export async function exportTask(
  side: WorkerSide,
  request: ExportRequest,
  asker: Asker<ExportCalls>,
): Promise<void> {
  const parts = await side.auditParts(asker);
  await side.withLive(asker.signal, async (live) => {
    const index = new LedgerIndex(parts.store, new ReadModel(live.queries));
    const issuer = side.config.invoiceIssuerName;
    const opened = await openExport({ snapshots: new Snapshots(parts), index, issuer }, request);
    try {
      await asker.ask('begun', opened.position);
      for await (const piece of opened.pieces) await sendPiece(asker, piece);
    } finally {
      await opened.close();
    }
  });
}

/** Makes a bundle. The serving thread has the keys and signs its root. */
export async function bundleTask(
  side: WorkerSide,
  { request, now }: { readonly request: BundleRequest; readonly now: number },
  asker: Asker<BundleCalls>,
): Promise<void> {
  const audit = await side.auditParts(asker);
  const pace = new ThreadPace(asker.signal);
  const turn = () => asker.tell('turn', undefined);
  const resting = { pageSize: () => pace.pageSize(), rest: () => (turn(), pace.rest()) };
  const { readModels } = audit;
  const parts = {
    audit: {
      ...audit,
      readModels: {
        ...readModels,
        readPast: (...[position, work]: Parameters<typeof readModels.readPast>) =>
          readModels.readPast(position, work, turn),
      } as typeof readModels,
    },
    openTemporary: temporaryDatabase,
    signer: new RemoteSigner(asker),
    now: () => now,
    begun: (position: number) => asker.ask('begun', position),
  };
  await makeBundle(parts, request, resting, (text) => sendPiece(asker, text));
}

/** Signs through the thread that has the keys. `verifierKey` and `handovers` are empty until it has signed once. */
class RemoteSigner implements BundleSigner {
  verifierKey = '';
  handovers: readonly string[] = [];

  constructor(private readonly asker: Asker<BundleCalls>) {}

  async sign(size: number, root: string): Promise<string> {
    const { note, verifierKey, handovers } = await this.asker.ask('sign', { size, root });
    this.verifierKey = verifierKey;
    this.handovers = handovers;
    return note;
  }

  witnessed(size: number): Promise<BundleCalls['witnessed']['answer']> {
    return this.asker.ask('witnessed', size);
  }
}

async function sendPiece(
  asker: Pick<Asker<Pick<ExportCalls, 'piece'>>, 'ask'>,
  text: string,
): Promise<void> {
  if (text === '') return;
  const bytes = new TextEncoder().encode(text);
  await asker.ask('piece', bytes, [bytes.buffer]);
}

/** Turns an error that the user can act on into a Problem, so that they see its message. */
async function explained<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof StoppedShortError || error instanceof WentBackError) {
      throw new Problem('store_unavailable', error.message);
    }
    throw error;
  }
}
