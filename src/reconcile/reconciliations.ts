import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { Problem } from '../http/problem';
import type { SpooledBody } from '../http/spooled-body';
import type { Page } from '../http/cursor';
import { found, pageOf } from '../jobs/job-answers';
import { JobList, type Job, type JobQueue, type JobView, type Outcome } from '../jobs/jobs';
import type { ReconciliationResult } from './add-up';
import type { ReconciliationRequest } from './asked';
import { ReconciliationItems } from './items';
import type { ReconciliationProgress } from './reconcile';

/** A result, as its job holds it. */
export interface ReconciliationOutcome extends Outcome {
  readonly result: ReconciliationResult & { readonly position: string };
  readonly items: ReconciliationItems;
}

/** The work that runs on other threads. */
export interface ReconciliationThreads {
  /**
   * Reads a list into a work file.
   * @param request the parameters of a CSV list; a list in JSON has them itself.
   * @throws Problem with a pointer to what is wrong.
   */
  read(asked: ListFile): Promise<ReconciliationRequest>;
  compare(
    asked: { readonly work: string; readonly request: ReconciliationRequest },
    signal: AbortSignal,
    report: (progress: ReconciliationProgress) => void,
  ): Promise<ReconciliationOutcome['result']>;
}

/** A vendor's list that was uploaded. */
export interface ListFile {
  readonly file: string;
  readonly work: string;
  /** The parameters of a CSV list; `undefined` for JSON. */
  readonly request: ReconciliationRequest | undefined;
}

/**
 * Runs reconciliations requested over HTTP, one at a time, alongside serving. Only the caller who requested one can see
 * it.
 */
export class Reconciliations {
  private readonly jobs: JobList<ReconciliationOutcome>;
  /** How many erasures there have been. */
  private forgotten = 0;

  constructor(
    private readonly threads: ReconciliationThreads,
    private readonly queue: JobQueue,
    /**
     * Resolves once the read model has everything recorded so far: whoever sends a list just after an import should not
     * read that the imported logs are missing.
     * @throws Problem `not_caught_up` if that takes too long; the signal's reason once it is aborted.
     */
    private readonly caughtUp: (signal: AbortSignal) => Promise<void>,
  ) {
    this.jobs = new JobList(queue);
  }

  /** @throws Problem with a pointer to what is wrong with the list, `overloaded` if too many wait. */
  async start(
    { folder, file }: SpooledBody,
    csv: ReconciliationRequest | undefined,
    caller: string,
  ): Promise<Job<ReconciliationOutcome>> {
    const work = join(folder, 'work.db');
    const remove = () => rm(folder, { recursive: true, force: true });
    try {
      const request = await this.threads.read({ file, work, request: csv });
      await rm(file, { force: true });
      return this.jobs.start(
        request,
        async ({ signal, report }) => {
          const { forgotten } = this;
          try {
            await this.caughtUp(signal);
            const result = await this.threads.compare({ work, request }, signal, report);
            if (forgotten !== this.forgotten) {
              throw new Problem(
                'not_caught_up',
                'A user was erased in the meantime. Send the list again.',
              );
            }
            const items = new ReconciliationItems(work);
            const close = async () => {
              items.close();
              await remove();
            };
            return { result, items, close };
          } catch (error) {
            await remove();
            throw error;
          }
        },
        caller,
      );
    } catch (error) {
      await remove();
      throw error;
    }
  }

  /** Returns the number of reconciliations that are kept, by status. */
  counts() {
    return this.jobs.counts();
  }

  /** @throws Problem `not_found`. */
  get(id: string, caller: string): Job<ReconciliationOutcome> {
    return found(this.jobs.get(id, caller), 'reconciliation');
  }

  list(caller: string, cursor: string | undefined, limit: number): Page<JobView> {
    return pageOf(this.jobs.list(caller), cursor, limit);
  }

  /**
   * Drops finished reconciliations, and the result of a running one, because a user was erased: results contain request
   * ids from personal metadata.
   */
  async forget(): Promise<void> {
    this.forgotten += 1;
    await this.jobs.forget();
  }

  /** Stops the running reconciliation, and releases what is kept. Lists of jobs that never began stay in their folders. */
  async close(): Promise<void> {
    await this.queue.close();
    await this.jobs.close();
  }
}
