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

/** What rebuilds in a serving process need. */
interface ServingParts {
  /**
   * Rebuilds alongside serving. @param goal returns the position to reach; called again because the live read model
   * advances.
   */
  readonly run: (goal: () => Promise<number>, context: JobContext) => Promise<RebuildResult>;
  readonly store: { head(): Promise<number> };
  /** The live read model's checkpoint. */
  readonly live: { checkpoint(): Promise<{ readonly position: number }> };
}

/** Rebuilds on this thread. @throws Problem `rebuild_failed` that says why it failed. */
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

/** Rebuilds in a serving process, one at a time. A request made during a rebuild joins that rebuild. */
export class Rebuilds {
  private readonly jobs: JobList<Outcome>;
  private running: Job<Outcome> | undefined;
  /** Whether the live read model waits for the rebuild, which must then reach the ledger's end. */
  private beyondLive = false;

  /** @param queue only for rebuilds, so that no long replay keeps a rebuild waiting. */
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
   * Rebuilds up to the ledger's end, for a projection that can't continue from its rows.
   * @throws Error that says why the rebuild failed.
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

  /** Counts the rebuilds by status. */
  counts() {
    return this.jobs.counts();
  }

  list(caller: string, cursor: string | undefined, limit: number): Page<JobView> {
    return pageOf(this.jobs.list(caller), cursor, limit);
  }

  /** Stops a running rebuild. A later one can continue it. */
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
      // The live read model may be damaged and claim too much, or be unreadable. A rebuild must still be possible.
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
