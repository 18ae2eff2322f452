import { pino, stdTimeFunctions, type DestinationStream, type Level, type Logger } from 'pino';

import type { LogChoice } from '../config/logs';
import { isOfFramework, LogLine, type Log } from './log-line';
import { requestContext } from './request-context';
import { scrub } from './scrub';

/** Matches where the frames of a stack begin. */
const FRAMES = /\n {4}at /;

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
    // Written synchronously, because the last lines before a crash are those that matter.
    this.out = pino(options, to ?? pino.destination({ dest: 1, sync: true }));
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
