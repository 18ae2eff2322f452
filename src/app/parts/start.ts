import { Logger, type LoggerService } from '@nestjs/common';

import type { Config } from '../../config/config';
import type { Clock } from '../../lib/clock';
import type { Opened } from '../../lib/opened';
import { PostgresUnavailableError } from '../../postgres/errors';

/** The position of a ledger's first event, which every read needs. */
export const OPENING = 1;

/** What each step of the start is given. */
export interface Start {
  readonly config: Config;
  readonly clock: Clock;
  /** Milliseconds since 1970, by that clock. */
  readonly now: () => number;
  /** `false` = say nothing. */
  readonly logger: LoggerService | false;
  /** For how long a store that cannot be reached yet is waited for, in milliseconds. */
  readonly waitMs: number;
  /** Gets what a step opens, so that it is closed in the reverse order, also if a later step fails. */
  readonly opened: Opened;
}

/** Logs the errors of one part of the service. */
export function reportTo(context: string): (error: unknown) => void {
  const logger = new Logger(context);
  return (error) => {
    if (error instanceof PostgresUnavailableError) return logger.warn(error.message);
    logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  };
}

/** Logs what somebody should know of one part of the service. */
export function warnTo(context: string): (message: string) => void {
  const logger = new Logger(context);
  return (message) => logger.warn(message);
}
