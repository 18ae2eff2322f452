import type { LoggerService } from '@nestjs/common';

/** A log line with fields that a program may search for. */
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

/** Contexts of Nest's own start-up lines, one for each route. */
const FRAMEWORK = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
]);

/** Whether a line comes from the framework and interests nobody who runs the service. */
export function isOfFramework(context: string | undefined): boolean {
  return context !== undefined && FRAMEWORK.has(context);
}
