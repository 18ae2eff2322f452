import 'reflect-metadata';

import { ReplayBody } from '../replay/bodies.dto';
import type { ProgressView } from '../replay/progress';
import type { ReplayRequest } from '../replay/replay';
import { readOptions } from './options';
import { Progress } from './progress';
import { counted } from '../lib/counted';

/** The part of the ledger to replay or rehearse, as given on the command line. */
export interface ScopeOptions {
  readonly user_id: string | undefined;
  readonly period: string | undefined;
  readonly as_of: string | undefined;
}

/**
 * Turns the options into a request, and checks them by the rules of the HTTP body.
 * @throws UsageError that names the option.
 */
export function requestOf({ user_id, period, as_of }: ScopeOptions): ReplayRequest {
  const body = readOptions({ user_id, period, as_of }, ReplayBody);
  return {
    user_id: body.user_id ?? null,
    period: body.period ?? null,
    as_of: body.as_of ?? null,
  };
}

/** Shows progress while work runs: a bar of events with rate and time left, then the number of rows compared. */
export async function withProgress<T>(
  shown: boolean,
  work: (report: (progress: ProgressView) => void) => Promise<T>,
): Promise<T> {
  if (!shown) return work(() => undefined);
  let events: Progress | undefined;
  let rows = 0;
  try {
    return await work((progress) => {
      events ??= new Progress('replaying', 'events', progress.of);
      events.grow(progress.of);
      events.to(progress.size);
      if (progress.phase === 'comparing' && progress.rows_compared > rows) {
        rows = progress.rows_compared;
        events.note(`${counted(rows, 'row')} compared`);
      }
    });
  } finally {
    events?.stop();
  }
}
