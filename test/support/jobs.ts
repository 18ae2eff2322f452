import type { HttpService } from './service';

/** A replay or rehearsal as the service answers it. */
export interface JobAnswer<R = Record<string, unknown>> {
  readonly id: string;
  readonly status: 'queued' | 'running' | 'done' | 'failed';
  readonly request: Record<string, unknown>;
  readonly progress: Record<string, unknown> | null;
  readonly result: R | null;
  readonly error: { code: string; detail: string } | null;
}

/** The result of a replay. */
export interface ReplayAnswer {
  readonly position: string;
  readonly size: number;
  readonly root: string;
  readonly rows_compared: number;
  readonly closed_periods_checked: number;
  readonly differences: number;
  readonly items: readonly {
    readonly table: string;
    readonly key: Record<string, unknown>;
    readonly fields: readonly string[];
    readonly live: Record<string, unknown> | null;
    readonly replayed: Record<string, unknown> | null;
  }[];
}

/** Starts a replay or rehearsal and waits until it has ended. */
export async function ended<A extends JobAnswer<unknown>>(
  service: HttpService,
  kind: 'replays' | 'rehearsals' | 'rebuilds',
  body: object,
): Promise<A> {
  const path = `/v1/audit/${kind}`;
  const asked = await service.post<A>(path, 'application/json', JSON.stringify(body));
  if (asked.status !== 202) throw new Error(JSON.stringify(asked.body));
  const location = asked.headers.get('location')!;
  for (;;) {
    const { body: job } = await service.get<A>(location);
    if (job.status === 'done' || job.status === 'failed') return job;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
