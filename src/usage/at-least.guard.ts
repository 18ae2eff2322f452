import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { Problem } from '../http/problem';
import { ThreadedProjector } from '../projections/hosted/threaded-projector';

const WAIT_MS = 2_000;

/**
 * Makes a read with `at_least` wait until the read model has that position, so that clients can read their own writes.
 */
@Injectable()
export class AtLeastGuard implements CanActivate {
  constructor(private readonly projector: ThreadedProjector) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest & { readFrom?: number }>();
    await this.wait((request.query as { at_least?: unknown } | undefined)?.at_least);
    // Everything read from here on includes at least this position.
    request.readFrom = this.projector.waiter.reachedPosition;
    return true;
  }

  private async wait(atLeast: unknown): Promise<void> {
    // If `at_least` is not a position, the check of the parameters refuses it right after this guard.
    if (typeof atLeast !== 'string' || !/^\d{1,16}$/.test(atLeast)) return;
    if (await this.projector.waiter.waitFor(Number(atLeast), WAIT_MS)) return;
    throw new Problem(
      'not_caught_up',
      `The read model is at position ${this.projector.waiter.reachedPosition}, not yet at ${atLeast}. Ask again in a second.`,
    );
  }
}
