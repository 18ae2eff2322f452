import { parseDrafts, type RawDrafts } from './parse-drafts';
import { GentlePace } from '../projections/pace';
import { Problem } from '../http/problem';
import type { Page } from '../http/cursor';
import { found, pageOf } from '../jobs/job-answers';
import {
  JobList,
  type JobQueue,
  type Job,
  type JobView,
  type Outcome,
  type Work,
} from '../jobs/jobs';
import { rehearse, type RehearsalOutcome, type RehearsalParts } from './rehearsal';
import { replay, type ReplayRequest } from './replay';
import { StoppedShortError } from '../snapshots/replayed';

/** What people may say of a replay or a rehearsal. */
export interface Asked {
  readonly user_id?: string | null;
  readonly period?: string | null;
  readonly as_of?: string | null;
}

/** Replays and rehearsals that were asked for over HTTP: beside serving, one at a time. Each is seen by who asked for it. */
export class AuditJobs {
  private readonly replays: JobList<Outcome>;
  private readonly rehearsals: JobList<RehearsalOutcome>;

  constructor(
    private readonly parts: RehearsalParts,
    private readonly queue: JobQueue,
  ) {
    this.replays = new JobList(queue);
    this.rehearsals = new JobList(queue);
  }

  /** @throws Problem `invalid_parameter` where `as_of` names no place, `overloaded` where too many wait. */
  async startReplay(asked: Asked, caller: string): Promise<Job<Outcome>> {
    const request = await this.read(asked);
    const work: Work<Outcome> = async ({ signal, report }) => {
      const result = await explained(replay(this.parts, request, new GentlePace(signal), report));
      return { result, close: () => Promise.resolve() };
    };
    return this.replays.start(request, work, caller);
  }

  /** @throws as {@link startReplay}, and RefusedError with a pointer to what is wrong with a draft. */
  async startRehearsal(asked: Asked & RawDrafts, caller: string): Promise<Job<RehearsalOutcome>> {
    const drafts = parseDrafts(asked);
    const request = await this.read(asked);
    const shown = { ...request, rate_cards: asked.rate_cards ?? [], plans: asked.plans ?? {} };
    const work: Work<RehearsalOutcome> = ({ signal, report }) =>
      explained(rehearse(this.parts, request, drafts, new GentlePace(signal), report));
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

  listReplays(caller: string, cursor: string | undefined, limit: number): Page<JobView> {
    return pageOf(this.replays.list(caller), cursor, limit);
  }

  listRehearsals(caller: string, cursor: string | undefined, limit: number): Page<JobView> {
    return pageOf(this.rehearsals.list(caller), cursor, limit);
  }

  /** Stops what runs, and lets go of what is kept. */
  async close(): Promise<void> {
    await this.queue.close();
    await this.replays.close();
    await this.rehearsals.close();
  }

  private async read({ user_id, period, as_of }: Asked): Promise<ReplayRequest> {
    const asOf = as_of ?? null;
    // Asked here so that a mistake is refused at once; what it means does not change until the replay asks again.
    if (asOf !== null) await this.parts.readModels.placeOf(asOf);
    return { user_id: user_id ?? null, period: period ?? null, as_of: asOf };
  }
}

/** What a person can do something about is said to them. */
async function explained<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof StoppedShortError) throw new Problem('store_unavailable', error.message);
    throw error;
  }
}
