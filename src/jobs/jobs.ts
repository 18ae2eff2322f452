import { randomUUID } from 'node:crypto';

import { StoreError } from '../event-store/errors';
import { Problem } from '../http/problem';
import { waitAtMost } from '../lib/wait-at-most';
import { printInstant } from '../domain/time';

/**
 * How many jobs may wait for the running one; how many finished jobs of each kind are kept, and for how many
 * milliseconds.
 */
const MOST_WAITING = 10;
const KEPT_FINISHED = 20;
const KEPT_MS = 24 * 60 * 60 * 1_000;
const RETRY_AFTER_SECONDS = 30;

/** The outcome of a job. It may hold files, which are deleted when it is closed. */
export interface Outcome {
  readonly result: object;
  close(): Promise<void>;
}

/** What a job's work receives: a signal to stop, and a function to report progress. */
export interface JobContext {
  readonly signal: AbortSignal;
  readonly report: (progress: object) => void;
}

export type Work<O extends Outcome> = (context: JobContext) => Promise<O>;

type Status = 'queued' | 'running' | 'done' | 'failed';

/** A job in the form that the API returns. */
export interface JobView {
  readonly id: string;
  readonly status: Status;
  readonly request: object;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly progress: object | null;
  readonly result: object | null;
  readonly error: { readonly code: string; readonly detail: string } | null;
}

/** A long piece of work that somebody requested, with its state and outcome. */
export class Job<O extends Outcome> {
  readonly id = randomUUID();
  status: Status = 'queued';
  progress: object | null = null;
  outcome: O | undefined;
  startedAt: number | null = null;
  finishedAt: number | null = null;
  error: JobView['error'] = null;
  private readonly listeners = new Set<() => void>();
  private readonly owners = new Set<string>();

  constructor(
    /** Numbers ascend in the order of requests. */
    readonly number: number,
    /** The parameters of the request, shown unchanged. */
    readonly request: object,
    readonly createdAt: number,
    /** Who requested it. If left out, the service did, and everyone sees it. */
    owner?: string,
  ) {
    if (owner !== undefined) this.owners.add(owner);
  }

  /** Adds an owner: another caller who requested the same job. A job that everyone sees stays visible to all. */
  share(owner: string): void {
    if (this.owners.size > 0) this.owners.add(owner);
  }

  isSeenBy(caller: string): boolean {
    return this.owners.size === 0 || this.owners.has(caller);
  }

  get isFinished(): boolean {
    return this.status === 'done' || this.status === 'failed';
  }

  /** Calls a listener at every change. Returns an unsubscribe function. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  changed(): void {
    for (const listener of [...this.listeners]) listener();
  }

  view(): JobView {
    const instant = (at: number | null) => (at === null ? null : printInstant(at));
    return {
      id: this.id,
      status: this.status,
      request: this.request,
      created_at: printInstant(this.createdAt),
      started_at: instant(this.startedAt),
      finished_at: instant(this.finishedAt),
      progress: this.progress,
      result: this.outcome?.result ?? null,
      error: this.error,
    };
  }
}

/** How long a stop waits for the running job, in milliseconds. */
const STOP_MS = 5_000;

/** Runs the jobs of the lists that share it, one at a time, in the order requested. */
export class JobQueue {
  private waiting: (() => Promise<void>)[] = [];
  private running: Promise<void> | undefined;
  private readonly stopping = new AbortController();

  /**
   * @param clock milliseconds since 1970.
   * @param report receives failures that are the service's own fault.
   */
  constructor(
    private readonly clock: () => number,
    readonly report: (error: unknown) => void,
  ) {}

  now(): number {
    return this.clock();
  }

  /** @throws Problem `overloaded` if too many wait, `store_unavailable` while the service stops. */
  add<O extends Outcome>(job: Job<O>, work: Work<O>): void {
    if (this.stopping.signal.aborted) {
      throw new Problem('store_unavailable', 'The service is stopping. Ask again.');
    }
    if (this.waiting.length >= MOST_WAITING) {
      throw new Problem(
        'overloaded',
        `${MOST_WAITING} jobs are waiting already. Ask again when one is done.`,
        { headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } },
      );
    }
    this.waiting.push(() => this.run(job, work));
    this.running ??= this.drain();
  }

  /** Stops the running job, and does not begin the waiting ones. */
  async close(): Promise<void> {
    this.waiting = [];
    this.stopping.abort(new Problem('store_unavailable', 'The service was stopped.'));
    // Some steps do not look at the signal. The threads that run them are ended next.
    if (this.running !== undefined) await waitAtMost(STOP_MS, this.running);
  }

  private async drain(): Promise<void> {
    for (;;) {
      const next = this.waiting.shift();
      if (next === undefined) break;
      await next();
    }
    this.running = undefined;
  }

  private async run<O extends Outcome>(job: Job<O>, work: Work<O>): Promise<void> {
    job.status = 'running';
    job.startedAt = this.clock();
    job.changed();
    const report = (progress: object) => {
      job.progress = progress;
      job.changed();
    };
    try {
      job.outcome = await work({ signal: this.stopping.signal, report });
      job.status = 'done';
    } catch (error) {
      job.status = 'failed';
      job.error = this.explain(error);
    }
    job.finishedAt = this.clock();
    job.changed();
  }

  private explain(error: unknown): { code: string; detail: string } {
    if (error instanceof Problem) return { code: error.code, detail: error.detail };
    this.report(error);
    if (error instanceof StoreError) return { code: 'store_unavailable', detail: error.message };
    const detail = 'Something went wrong in the service; its log says what.';
    return { code: 'internal_error', detail };
  }
}

/** The jobs of one kind: those that wait or run, and the last finished ones. */
export class JobList<O extends Outcome> {
  private jobs: Job<O>[] = [];
  private made = 0;
  private readonly timers = new Map<Job<O>, NodeJS.Timeout>();
  private lettingGo: Promise<unknown> = Promise.resolve();

  constructor(private readonly queue: JobQueue) {}

  /**
   * @param owner who requests it; the service itself if left out.
   * @throws Problem `overloaded` if too many wait.
   */
  start(request: object, work: Work<O>, owner?: string): Job<O> {
    const job = new Job<O>(this.made, request, this.queue.now(), owner);
    this.queue.add(job, work);
    this.made += 1;
    this.jobs.push(job);
    const stop = job.onChange(() => {
      if (!job.isFinished) return;
      stop();
      this.keepLast(KEPT_FINISHED);
      this.letGoLater(job);
    });
    return job;
  }

  /** Returns a job that this caller may see; `undefined` if there is no such job, or it is somebody else's. */
  get(id: string, caller: string): Job<O> | undefined {
    return this.jobs.find((job) => job.id === id && job.isSeenBy(caller));
  }

  /** Returns the jobs that this caller may see, newest first. */
  list(caller: string): readonly Job<O>[] {
    return this.jobs.filter((job) => job.isSeenBy(caller)).reverse();
  }

  /** Returns the number of jobs by status. */
  counts(): Readonly<Record<Status, number>> {
    const counts = { queued: 0, running: 0, done: 0, failed: 0 };
    for (const { status } of this.jobs) counts[status] += 1;
    return counts;
  }

  /** Drops the finished jobs, so that nobody can get them any more. */
  async forget(): Promise<void> {
    this.keepLast(0);
    await this.lettingGo;
  }

  /** Releases what the finished jobs hold. */
  async close(): Promise<void> {
    this.keepLast(0);
    await this.lettingGo;
  }

  /** Lets go of a finished job after a day, whatever the clock does meanwhile. */
  private letGoLater(job: Job<O>): void {
    this.timers.set(job, setTimeout(() => this.letGo([job]), KEPT_MS).unref());
  }

  /** Lets go of all finished jobs but the last ones. */
  private keepLast(count: number): void {
    const finished = this.jobs.filter((job) => job.isFinished);
    this.letGo(finished.slice(0, Math.max(0, finished.length - count)));
  }

  private letGo(jobs: readonly Job<O>[]): void {
    const old = new Set(jobs.filter((job) => this.jobs.includes(job)));
    this.jobs = this.jobs.filter((job) => !old.has(job));
    for (const job of old) {
      // The timer would keep the job and its result in memory.
      clearTimeout(this.timers.get(job));
      this.timers.delete(job);
    }
    const closing = [...old].map((job) => job.outcome?.close());
    this.lettingGo = Promise.all([this.lettingGo, ...closing]).catch((error: unknown) =>
      this.queue.report(error),
    );
  }
}
