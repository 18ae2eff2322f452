import { Problem } from '../http/problem';
import {
  rebuild,
  RebuildError,
  type RebuildParts,
  type RebuildResult,
} from '../projections/rebuild';
import type { Pace } from '../projections/pace';
import type { RebuildProgress } from '../projections/rebuild-progress';
import type { Page } from '../http/cursor';
import { found, pageOf } from '../jobs/job-answers';
import {
  JobList,
  type Job,
  type JobContext,
  type JobQueue,
  type JobView,
  type Outcome,
  type Work,
} from '../jobs/jobs';

/** Why the read model is rebuilt. */
type Reason = 'asked' | 'close_with_a_gap';

/** What rebuilds of a serving process are made of. */
interface ServingParts {
  /** Rebuilds, beside serving. @param goal the position to reach; asked for again as the live one goes on. */
  readonly run: (goal: () => Promise<number>, context: JobContext) => Promise<RebuildResult>;
  readonly store: { head(): Promise<number> };
  /** Where the live read model stands. */
  readonly live: { checkpoint(): Promise<{ readonly position: number }> };
}

/** Rebuilds on this thread. @throws Problem `rebuild_failed` that says why it did not end. */
export async function rebuildHere(
  parts: RebuildParts,
  pace: Pace,
  report: (progress: RebuildProgress) => void,
): Promise<RebuildResult> {
  try {
    return await rebuild(parts, pace, report);
  } catch (error) {
    if (error instanceof RebuildError) throw new Problem('rebuild_failed', error.message);
    throw error;
  }
}

/** Rebuilds in a serving process, one at a time: who asks while one runs is answered that one. */
export class Rebuilds {
  private readonly jobs: JobList<Outcome>;
  private running: Job<Outcome> | undefined;
  /** Whether the live read model waits for the rebuild, which then goes on to the ledger's end. */
  private beyondLive = false;

  /** @param queue of its own: a replay that runs long keeps no rebuild waiting. */
  constructor(
    private readonly parts: ServingParts,
    private readonly queue: JobQueue,
  ) {
    this.jobs = new JobList(queue);
  }

  /** @throws Problem `overloaded` if the service is stopping. */
  start(caller: string): Job<Outcome> {
    const job = this.startOrJoin('asked', caller);
    job.share(caller);
    return job;
  }

  /**
   * Rebuilds up to the ledger's end, for a projection that cannot go on from the rows that it has.
   * @throws Error that says why it did not end.
   */
  async beyond(): Promise<void> {
    this.beyondLive = true;
    try {
      const job = this.startOrJoin('close_with_a_gap');
      await ended(job);
      if (job.error !== null) throw new Error(job.error.detail);
    } finally {
      this.beyondLive = false;
    }
  }

  /** @throws Problem `not_found`. */
  get(id: string, caller: string): Job<Outcome> {
    return found(this.jobs.get(id, caller), 'rebuild');
  }

  /** How many there are, by status. */
  counts() {
    return this.jobs.counts();
  }

  list(caller: string, cursor: string | undefined, limit: number): Page<JobView> {
    return pageOf(this.jobs.list(caller), cursor, limit);
  }

  /** Stops what runs: it can be gone on with. */
  async close(): Promise<void> {
    await this.queue.close();
    await this.jobs.close();
  }

  private startOrJoin(reason: Reason, caller?: string): Job<Outcome> {
    if (this.running?.isFinished === false) return this.running;
    const work: Work<Outcome> = async (context) => {
      const result = await this.parts.run(() => this.goal(), context);
      return { result, close: () => Promise.resolve() };
    };
    this.running = this.jobs.start({ reason }, work, caller);
    return this.running;
  }

  private async goal(): Promise<number> {
    const head = await this.parts.store.head();
    if (this.beyondLive) return head;
    try {
      // A live read model that says more than there is, or nothing, is no reason not to make a sound one.
      return Math.min((await this.parts.live.checkpoint()).position, head);
    } catch {
      return head;
    }
  }
}

function ended(job: Job<Outcome>): Promise<void> {
  if (job.isFinished) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = job.onChange(() => {
      if (!job.isFinished) return;
      stop();
      resolve();
    });
  });
}
