import type { Kysely } from 'kysely';

import type { Drafts } from '../domain/account/drafts';
import type { Page } from '../http/cursor';
import { Problem } from '../http/problem';
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
import { parseDrafts, type RawDrafts } from './parse-drafts';
import type { RehearsalResult } from './rehearsal';
import { RehearsalItems, type ItemTables } from './rehearsal-items';
import type { ReplayRequest, ReplayResult } from './replay';

/** The options of a replay or a rehearsal. */
export interface Asked {
  readonly user_id?: string | null;
  readonly period?: string | null;
  readonly as_of?: string | null;
}

/** What replays and rehearsals over HTTP need; the work runs on other threads. */
interface AuditJobParts {
  readonly replay: (request: ReplayRequest, context: JobContext) => Promise<ReplayResult>;
  readonly rehearse: (
    request: ReplayRequest,
    drafts: Drafts,
    items: RehearsalItems,
    context: JobContext,
  ) => Promise<RehearsalResult>;
  /** @throws Problem `invalid_parameter` if `asOf` names no position or time of the ledger. */
  readonly placeOf: (asOf: string) => Promise<unknown>;
  /** Makes a database for a rehearsal's items that is deleted when it is closed. */
  readonly openItems: () => Kysely<ItemTables>;
}

/** A rehearsal's result, and its items while they are kept. */
export interface RehearsalOutcome extends Outcome {
  readonly result: RehearsalResult;
  readonly items: RehearsalItems;
}

/**
 * Runs replays and rehearsals requested over HTTP, one at a time, alongside serving. Only the caller who requested a
 * job can see it.
 */
export class AuditJobs {
  private readonly replays: JobList<Outcome>;
  private readonly rehearsals: JobList<RehearsalOutcome>;

  constructor(
    private readonly parts: AuditJobParts,
    private readonly queue: JobQueue,
  ) {
    this.replays = new JobList(queue);
    this.rehearsals = new JobList(queue);
  }

  /** @throws Problem `invalid_field` if `as_of` names no position or time, `overloaded` if too many wait. */
  async startReplay(asked: Asked, caller: string): Promise<Job<Outcome>> {
    const request = await this.read(asked);
    const work: Work<Outcome> = async (context) => {
      const result = await this.parts.replay(request, context);
      return { result, close: () => Promise.resolve() };
    };
    return this.replays.start(request, work, caller);
  }

  /** @throws as {@link startReplay}, and RefusedError with a pointer to what is wrong with a draft. */
  async startRehearsal(asked: Asked & RawDrafts, caller: string): Promise<Job<RehearsalOutcome>> {
    const drafts = parseDrafts(asked);
    const request = await this.read(asked);
    const shown = { ...request, rate_cards: asked.rate_cards ?? [], plans: asked.plans ?? {} };
    const work: Work<RehearsalOutcome> = async (context) => {
      const items = await RehearsalItems.make(this.parts.openItems());
      try {
        const result = await this.parts.rehearse(request, drafts, items, context);
        return { result, items, close: () => items.close() };
      } catch (error) {
        await items.close();
        throw error;
      }
    };
    return this.rehearsals.start(shown, work, caller);
  }

  /** @throws Problem `not_found`. */
  replay(id: string, caller: string): Job<Outcome> {
    return found(this.replays.get(id, caller), 'replay');
  }

  /** @throws Problem `not_found`. */
  rehearsal(id: string, caller: string): Job<RehearsalOutcome> {
    return found(this.rehearsals.get(id, caller), 'rehearsal');
  }

  /** Counts the jobs by kind and status. */
  counts() {
    return { replay: this.replays.counts(), rehearsal: this.rehearsals.counts() };
  }

  listReplays(caller: string, cursor: string | undefined, limit: number): Page<JobView> {
    return pageOf(this.replays.list(caller), cursor, limit);
  }

  listRehearsals(caller: string, cursor: string | undefined, limit: number): Page<JobView> {
    return pageOf(this.rehearsals.list(caller), cursor, limit);
  }

  /** Stops the running job, and releases what is kept. */
  async close(): Promise<void> {
    await this.queue.close();
    await this.replays.close();
    await this.rehearsals.close();
  }

  private async read({ user_id, period, as_of }: Asked): Promise<ReplayRequest> {
    const asOf = as_of ?? null;
    // Resolve it now, so that a mistake is refused at once. The replay resolves it again, with the same result.
    if (asOf !== null) await this.parts.placeOf(asOf).catch(refuseField);
    return { user_id: user_id ?? null, period: period ?? null, as_of: asOf };
  }
}

/** Here `as_of` is a field of a body, not a parameter. */
function refuseField(error: unknown): never {
  if (!(error instanceof Problem) || error.code !== 'invalid_parameter') throw error;
  throw new Problem('invalid_field', error.detail, error.more);
}
