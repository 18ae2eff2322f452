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

/**
 * A pass that folds at most this many events is the last. The rest is folded while the live read model is held.
 */
const NEAR_EVENTS = 500;
/** How many passes may approach the live read model, which keeps moving, before it is held anyway. */
const APPROACHES = 10;
/**
 * Each pass must fold less than this part of what the one before folded. Otherwise more passes would not help.
 */
const SHRINKS = 0.7;

const UNTOUCHED = 'The existing read models are as they were.';

/** What a rebuild needs. */
export interface RebuildParts {
  readonly store: Pick<EventReader, 'readAll' | 'readStream'>;
  readonly place: Rebuildable;
  /** The position to reach: where the live read model stands, or, if none is served, the ledger's end. */
  readonly goal: () => Promise<number>;
  /**
   * Starts the folders on other threads, for a read model in a SQLite file. If left out, all is folded on this thread.
   */
  readonly openFolders?: (file: string) => { readonly split: SplitFacts; close(): Promise<void> };
}

/** The result of a rebuild. */
export interface RebuildResult {
  readonly position: string;
  /** How many events were folded, and how many of them by an earlier run that was interrupted. */
  readonly size: number;
  readonly resumed_from: number;
  /** The Merkle root of those events, in hex. */
  readonly root: string;
}

/** Why a rebuild did not finish, for a person. The live read model is unchanged. */
export class RebuildError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RebuildError';
  }
}

/**
 * Fills a read model beside the live one, from the first event on, and replaces the live one with it. Continues what an
 * earlier run filled. The live one is held only for the last few events and the switch itself.
 * @throws RebuildError, StoreError, and whatever `pace` was stopped with.
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
      { pageSize: () => pace.pageSize(), split, onStartAgain: () => meter.startAgain() },
    );
    const reached = await next.rows.checkpoint();
    if (reached.position < goal) {
      throw new RebuildError(
        `The ledger ends at position ${reached.position}, but the live read model is at ${goal}.`,
      );
    }
    return reached;
  };
  await approach(parts, next, from, bring);
  let reached = from;
  await next.promote(async () => {
    meter.switching();
    reached = await bring();
  });
  meter.end();
  const { position, size, edge } = reached;
  const root = MerkleEdge.of(size, edge).root();
  return { position: String(position), size, resumed_from: meter.resumedFrom, root };
}

/** Brings the next read model close to the live one, which keeps moving. */
async function approach(
  { openFolders }: RebuildParts,
  { file }: NextReadModel,
  from: Checkpoint,
  bring: (split?: SplitFacts) => Promise<Checkpoint>,
): Promise<void> {
  // The folders' connections must be closed before the file takes the live one's place.
  const folders = file === undefined ? undefined : openFolders?.(file);
  try {
    let reached = from;
    let before = Infinity;
    for (let tries = 0; tries < APPROACHES; tries += 1) {
      const { size } = reached;
      reached = await bring(folders?.split);
      const folded = reached.size - size;
      if (folded <= NEAR_EVENTS || folded > before * SHRINKS) break;
      // The first pass folds the whole ledger and takes long, so how much arrives during it says little about the
      // next.
      if (tries > 0) before = folded;
    }
  } finally {
    await folders?.close();
  }
}

async function explained(next: NextReadModel, error: unknown): Promise<unknown> {
  const why = next.explain(error);
  if (why !== undefined) {
    const help = 'Ask for the rebuild again: it resumes where it stopped.';
    return new RebuildError(`${why} ${UNTOUCHED} ${help}`, { cause: error });
  }
  if (!next.isDamage(error)) return error;
  await next.startAgain();
  return new RebuildError(
    'What an earlier run had filled was damaged, and has been deleted. Ask for the rebuild again.',
    { cause: error },
  );
}

/** Empties the next read model if what an earlier run left belongs to another ledger or is damaged. */
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
