import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';

import { Problem } from '../../http/problem';
import type { Caller } from '../caller';
import { covers } from '../roles';
import { RateWindows } from './rate-windows';

const MINUTE_MS = 60_000;

/** Requests a minute for one caller; 0 = no limit. */
export interface Allowance {
  readonly producer: number;
  readonly reader: number;
  readonly finance: number;
  /** For requests that read much. They are counted separately. */
  readonly costly: number;
}

/**
 * Counts each caller's requests, costly ones separately, and refuses those above the allowance. It runs after the
 * guard, which has already refused unknown callers. Each instance counts for itself.
 */
export async function limitRates(fastify: FastifyInstance, allowed: Allowance): Promise<void> {
  await fastify.register(rateLimit, {
    timeWindow: MINUTE_MS,
    store: RateWindows,
    allowList: (request) => allowanceOf(request, allowed) === 0,
    max: (request) => allowanceOf(request, allowed),
    keyGenerator: (request) =>
      JSON.stringify([request.caller?.id ?? request.ip, isCostly(request)]),
    errorResponseBuilder: (request, { max, ttl }) =>
      new Problem(
        'rate_limited',
        `This key or token may send ${max} ${isCostly(request) ? 'costly requests' : 'requests'} a minute. Send the same request later.`,
        { headers: { 'retry-after': String(Math.max(1, Math.ceil(ttl / 1000))) } },
      ),
  });
}

function allowanceOf(request: FastifyRequest, allowed: Allowance): number {
  const { caller } = request;
  if (caller === null) return 0;
  if (isCostly(request)) return allowed.costly;
  return allowed[kindOf(caller)];
}

function kindOf({ roles }: Caller): 'producer' | 'reader' | 'finance' {
  if (covers(roles, 'finance')) return 'finance';
  return covers(roles, 'producer') ? 'producer' : 'reader';
}

/** Whether a request is costly: its route is, or it reads the past. */
function isCostly({ routeOptions, query }: FastifyRequest): boolean {
  const { access } = routeOptions.config;
  if (typeof access === 'object' && access.isCostly) return true;
  return typeof query === 'object' && query !== null && 'as_of' in query;
}
