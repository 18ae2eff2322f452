import {
  Catch,
  HttpException,
  Logger,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { RefusedError } from '../domain/errors';
import { StoreError } from '../event-store/errors';
import { SameAgain } from '../lib/same-again';
import { PostgresUnavailableError } from '../postgres/unavailable';
import { MAX_BODY_BYTES } from './body';
import { GoneAwayError } from './gone-away';
import { Problem, PROBLEM_TYPE } from './problem';
import type { RouteTable } from './route-table';

const READ_MODEL_GONE =
  "The read model can't be reached now. Try again in a second. A write is safe to send again with the same Idempotency-Key.";

/** Answers every error as a problem. Logs internal errors, and reveals nothing about them in the answer. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');
  private readonly sameAgain = new SameAgain();

  constructor(private readonly routes: RouteTable) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** Answers an error that did not come through Nest. */
  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem = this.toProblem(error, request);
    if (problem.status >= 500 && !(error instanceof GoneAwayError)) this.log(problem, error);
    sendProblem(reply, problem);
  }

  private toProblem(error: unknown, request: FastifyRequest): Problem {
    if (error instanceof Problem) return error;
    if (error instanceof RefusedError) return Problem.of(error.refusal);
    if (error instanceof StoreError && error.code !== 'refused') {
      return new Problem('store_unavailable', error.message);
    }
    if (error instanceof PostgresUnavailableError) {
      return new Problem('store_unavailable', READ_MODEL_GONE);
    }
    const status = error instanceof HttpException ? error.getStatus() : statusOf(error);
    if (status === 404) return this.noRoute(request);
    if (status === 413) {
      const most = (request.routeOptions.bodyLimit ?? MAX_BODY_BYTES) / MAX_BODY_BYTES;
      return new Problem(
        'body_too_large',
        `The body has at most ${most} MiB here. Send it in parts.`,
      );
    }
    if (status === 415) {
      return new Problem(
        'unsupported_media_type',
        'The media type of the body is not accepted here.',
      );
    }
    if (status >= 400 && status < 500) {
      return new Problem(
        'invalid_body',
        'The request could not be read. Check its headers and body.',
      );
    }
    return new Problem(
      'internal_error',
      'Something went wrong in the service. Its log says what. Sending the same events again is safe.',
    );
  }

  private noRoute(request: FastifyRequest): Problem {
    return (
      this.routes.methodNotAllowed(request.url, request.method) ??
      new Problem('not_found', 'There is nothing at this path. /openapi.json lists all paths.')
    );
  }

  private log(problem: Problem, error: unknown): void {
    if (problem.code === 'internal_error') {
      this.logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    } else {
      const cause = (error as { cause?: unknown } | null)?.cause;
      const why = cause instanceof Error ? ` (${cause.message})` : '';
      // During an outage, every request fails for the same reason.
      const line = this.sameAgain.take(problem.message + why);
      if (line !== undefined) this.logger.warn(line);
    }
  }
}

/** Answers with a problem as RFC 9457 defines it. */
export function sendProblem(reply: FastifyReply, problem: Problem): void {
  void reply
    .status(problem.status)
    .headers(problem.headers)
    .type(PROBLEM_TYPE)
    // Sent as bytes, because Fastify would add a charset to a text.
    .send(Buffer.from(JSON.stringify(problem.body())));
}

function statusOf(error: unknown): number {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : 500;
}
