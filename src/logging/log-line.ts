import type { LoggerService } from '@nestjs/common';

/** A line with numbers and words that a program may look for. */
export class LogLine {
  constructor(
    readonly message: string,
    readonly fields: Readonly<Record<string, string | number>>,
  ) {}

  toString(): string {
    return this.message;
  }
}

/** A logger with every level. */
export type Log = Required<Omit<LoggerService, 'setLogLevels'>>;

/** What Nest says of itself when it starts: a line a route. */
const FRAMEWORK = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
]);

/** Whether a line is the framework's own, and of interest to nobody who runs the service. */
export function isOfFramework(context: string | undefined): boolean {
  return context !== undefined && FRAMEWORK.has(context);
}
