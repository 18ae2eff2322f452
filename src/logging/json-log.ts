import { pino, stdTimeFunctions, type DestinationStream, type Level, type Logger } from 'pino';

import type { LogChoice } from '../config/logs';
import { isOfFramework, LogLine, type Log } from './log-line';
import { requestContext } from './request-context';
import { scrub } from './scrub';

/** Matches where the frames of a stack begin. */
const FRAMES = /\n {4}at /;

/** How much of the log waits in memory while it can't be written, in bytes. Later lines are lost. */
const MAX_WAITING_BYTES = 1_048_576;

/**
 * Writes one JSON object a line: `level`, `time` (RFC 3339), `msg` and `context` (the part of the service). While a
 * request is being answered, also `request_id` and, if the request is part of a trace, `trace_id`.
 */
export class JsonLog implements Log {
  private readonly out: Logger;

  /** @param to default: standard output. */
  constructor(level: LogChoice['level'], to?: DestinationStream) {
    const options = {
      level,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label: string) => ({ level: label }) },
      mixin: fieldsOfRequest,
    };
    this.out = pino(options, to ?? standardOutput());
  }

  fatal(message: unknown, ...more: unknown[]): void {
    this.write('fatal', message, more);
  }

  error(message: unknown, ...more: unknown[]): void {
    this.write('error', message, more);
  }

  warn(message: unknown, ...more: unknown[]): void {
    this.write('warn', message, more);
  }

  log(message: unknown, ...more: unknown[]): void {
    this.write(isOfFramework(contextOf(more)) ? 'debug' : 'info', message, more);
  }

  debug(message: unknown, ...more: unknown[]): void {
    this.write('debug', message, more);
  }

  verbose(message: unknown, ...more: unknown[]): void {
    this.write('trace', message, more);
  }

  /** @param more as Nest passes it: the context last, a stack before it. */
  private write(level: Level, message: unknown, more: readonly unknown[]): void {
    if (!this.out.isLevelEnabled(level)) return;
    const context = contextOf(more);
    const fields = context === undefined ? {} : { context };
    if (message instanceof LogLine) {
      this.out[level]({ ...fields, ...message.fields }, scrub(message.message));
      return;
    }
    const given = more.slice(0, -1).find((one) => typeof one === 'string');
    const text = message instanceof Error ? (message.stack ?? message.message) : String(message);
    const stack = FRAMES.test(text) ? text : given;
    const [first] = text.split(FRAMES, 1);
    this.out[level](
      { ...fields, ...(stack === undefined ? {} : { stack: scrub(stack) }) },
      scrub(first!),
    );
  }
}

/**
 * Writes to standard output synchronously, because the last lines before a crash are those that matter. If that fails,
 * for example because a log file's disk is full, it tells the process's standard output, whose listeners decide whether
 * the process goes on. Each later line tries again.
 */
function standardOutput(): DestinationStream {
  const destination = pino.destination({ dest: 1, sync: true, maxLength: MAX_WAITING_BYTES });
  destination.on('error', (error) => process.stdout.emit('error', error));
  return destination;
}

function contextOf(more: readonly unknown[]): string | undefined {
  const last = more.at(-1);
  return typeof last === 'string' ? last : undefined;
}

function fieldsOfRequest(): object {
  const request = requestContext.getStore();
  if (request === undefined) return {};
  const { requestId, traceId } = request;
  return traceId === undefined
    ? { request_id: requestId }
    : { request_id: requestId, trace_id: traceId };
}
