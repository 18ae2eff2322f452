import 'reflect-metadata';

import { ReplayBody } from '../replay/bodies.dto';
import type { ReplayRequest } from '../replay/replay';
import { readOptions } from './options';

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
