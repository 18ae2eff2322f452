import { MerkleEdge } from '../domain/merkle';
import { StoreError } from '../event-store/errors';
import type { EventReader } from '../event-store/port';
import type { NextReadModel, Rebuildable } from '../read-model/rebuildable';
import type { Checkpoint } from '../read-model/rows';
import type { Pace } from './pace';
import { project } from './project';
import { RebuildMeter, type RebuildProgress } from './rebuild-progress';
import { checkSameLedger } from './same-ledger';
import type { SplitFacts } from './split-facts';

/** From how few events on, that came while it was filled, the live one is held while the rest is folded. */
const NEAR_EVENTS = 500;
/** How often it goes on to where the live one went meanwhile, before that is held all the same. */
const APPROACHES = 10;
/** Less than this part of the events of one approach must come during it: else the next ones would not end it either. */
const SHRINKS = 0.7;

const UNTOUCHED = 'The read models that were there are as they were.';

/** What a rebuild is made of. */
export interface RebuildParts {
  readonly store: Pick<EventReader, 'readAll' | 'readStream'>;
  readonly place: Rebuildable;
  /** The position to reach: where the live read model stands, or, if none is served, the ledger's end. */
  readonly goal: () => Promise<number>;
  /** Starts what folds on other threads, for a read model in a SQLite file; left out, all is folded here. */
  readonly openFolders?: (file: string) => { readonly split: SplitFacts; close(): Promise<void> };
}

/** What a rebuild came to. */
export interface RebuildResult {
  readonly position: string;
  /** How many events were folded, and how many of them by an earlier run that did not end. */
  readonly size: number;
  readonly resumed_from: number;
  /** The Merkle root of those events, in hex. */
  readonly root: string;
}

/** Why a rebuild did not end, for a person; the live read model is as it was. */
export class RebuildError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RebuildError';
  }
}

/**
 * Fills a read model beside the live one, from the first event on, and puts it in the live one's place. What an earlier run
 * filled is gone on with. The live one is held only for the last few events and the switch itself.
 * @throws RebuildError, StoreError, and what `pace` was stopped with.
 */
export async function rebuild(
  parts: RebuildParts,
  pace: Pace,
  report: (progress: RebuildProgress) => void,
): Promise<RebuildResult> {
  const { place } = parts;
  const next = await place.openNext().catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new RebuildError(`${why} ${UNTOUCHED}`, { cause: error });
  });
  try {
    return await fill(parts, next, pace, report);
  } catch (error) {
    throw await explained(next, error);
  } finally {
    await next.close();
  }
}

async function fill(
  parts: RebuildParts,
  next: NextReadModel,
  pace: Pace,
  report: (progress: RebuildProgress) => void,
): Promise<RebuildResult> {
  await startAgainUnlessSound(parts.store, next);
  const from = await next.rows.checkpoint();
  const meter = new RebuildMeter(from, report);
  const bring = async (split?: SplitFacts) => {
    const goal = await parts.goal();
    meter.aim(goal);
    await project(
      parts.store,
      next.rows,
      goal,
      (_, checkpoint) => {
        meter.reached(checkpoint);
        return pace.rest();
      },
      { pageSize: () => pace.pageSize(), split },
    );
    const reached = await next.rows.checkpoint();
    if (reached.position < goal) {
      throw new RebuildError(
        `The ledger ends at position ${reached.position}, and the read model that is served says that it stands at ${goal}.`,
      );
    }
    return reached;
  };
  await approach(parts, next, from, bring, pace);
  let reached = from;
  await next.promote(async () => {
    meter.switching();
    reached = await bring();
  });
  const { position, size, edge } = reached;
  const root = MerkleEdge.of(size, edge).root();
  return { position: String(position), size, resumed_from: Math.min(from.size, size), root };
}

/** Comes near to where the live one stands, while that goes on. */
async function approach(
  { openFolders }: RebuildParts,
  { file }: NextReadModel,
  from: Checkpoint,
  bring: (split?: SplitFacts) => Promise<Checkpoint>,
  pace: Pace,
): Promise<void> {
  // Their connections are closed before the file takes its place.
  const folders = file === undefined ? undefined : openFolders?.(file);
  try {
    let reached = from;
    let before = Infinity;
    for (let tries = 0; tries < APPROACHES; tries += 1) {
      const { size } = reached;
      reached = await bring(folders?.split);
      const folded = reached.size - size;
      if (folded <= NEAR_EVENTS || folded > before * SHRINKS) break;
      // The first approach is of everything and takes its time: what came meanwhile says little of the next.
      if (tries > 0) before = folded;
      pace.hurry?.();
    }
    pace.hurry?.();
  } finally {
    await folders?.close();
  }
}

async function explained(next: NextReadModel, error: unknown): Promise<unknown> {
  const why = next.explain(error);
  if (why !== undefined) {
    const help = 'Ask for the rebuild again: it goes on from where it was.';
    return new RebuildError(`${why} ${UNTOUCHED} ${help}`, { cause: error });
  }
  if (!next.isDamage(error)) return error;
  await next.startAgain();
  return new RebuildError(
    'What an earlier run had filled is damaged, and was thrown away. Ask for the rebuild again.',
    { cause: error },
  );
}

/** What an earlier run left may be of another ledger, or damaged. */
async function startAgainUnlessSound(
  store: RebuildParts['store'],
  next: NextReadModel,
): Promise<void> {
  try {
    await checkSameLedger(store, next.rows);
  } catch (error) {
    if (error instanceof StoreError || next.explain(error) !== undefined) throw error;
    await next.startAgain();
  }
}
