import { ConsoleLogger, type LogLevel as NestLevel } from '@nestjs/common';

import { LOG_LEVELS, type LogLevel } from '../config/logs';
import { isOfFramework, LogLine, type Log } from './log-line';
import { scrub } from './scrub';

const NEST_LEVELS: Readonly<Record<LogLevel, NestLevel | undefined>> = {
  silent: undefined,
  fatal: 'fatal',
  error: 'error',
  warn: 'warn',
  info: 'log',
  debug: 'debug',
  trace: 'verbose',
};

/** Writes lines for a person at a terminal. */
export class TextLog extends ConsoleLogger implements Log {
  constructor(level: LogLevel) {
    const upTo = LOG_LEVELS.slice(0, LOG_LEVELS.indexOf(level) + 1);
    super({ logLevels: upTo.flatMap((one) => NEST_LEVELS[one] ?? []) });
  }

  override log(message: unknown, ...more: unknown[]): void {
    if (isOfFramework(more.at(-1) as string | undefined)) this.debug(message, ...more);
    else super.log(message, ...more);
  }

  protected override stringifyMessage(message: unknown, level: NestLevel): unknown {
    const text = message instanceof LogLine ? message.message : message;
    const said = super.stringifyMessage(text, level) as unknown;
    return typeof said === 'string' ? scrub(said) : said;
  }
}
