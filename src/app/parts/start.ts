import { Logger, type LoggerService } from '@nestjs/common';

import type { Config } from '../../config/config';
import type { Clock } from '../../lib/clock';
import type { Opened } from '../../lib/opened';
import { SAME_AGAIN_MS } from '../../lib/same-again';
import { PostgresUnavailableError } from '../../postgres/unavailable';

/**
 * The lowest position that a ledger's first event can have. A read model that has reached it has the ledger's opening,
 * which every read needs.
 */
export const OPENING = 1;

/** What each step of the start receives. */
export interface Start {
  readonly config: Config;
  readonly clock: Clock;
  /** The time in milliseconds since 1970, by `clock`. */
  readonly now: () => number;
  /** `false` = log nothing. */
  readonly logger: LoggerService | false;
  /** How long to wait for a store that cannot be reached yet, in milliseconds. */
  readonly waitMs: number;
  /** Collects what the steps open. Closes it in the reverse order, even if a later step fails. */
  readonly opened: Opened;
}

/**
 * Returns a function that logs the errors of one part of the service. An error like the one before it is logged again
 * only after a minute, so that an outage does not fill the log's disk.
 */
export function reportTo(context: string): (error: unknown) => void {
  const logger = new Logger(context);
  let last = '';
  let until = -Infinity;
  return (error) => {
    const passes = error instanceof PostgresUnavailableError;
    const text = passes ? error.message : textOf(error);
    const now = performance.now();
    if (text === last && now < until) return;
    [last, until] = [text, now + SAME_AGAIN_MS];
    if (passes) logger.warn(text);
    else logger.error(text);
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Returns a function that logs warnings of one part of the service. */
export function warnTo(context: string): (message: string) => void {
  const logger = new Logger(context);
  return (message) => logger.warn(message);
}
