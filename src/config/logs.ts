import type { Get } from './paths';

/** From most to least severe; `silent` = nothing at all. */
export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** How the service writes its log. */
export interface LogChoice {
  /** `json` = one JSON object a line, for programs; `text` = for a person at a terminal. */
  readonly format: 'text' | 'json';
  /** The service writes lines of this level and of more severe ones. */
  readonly level: LogLevel;
}

/** Reads how the log is written. */
export function readLogs(
  names: Readonly<Record<keyof LogChoice, string>>,
  get: Get,
  mistakes: string[],
): LogChoice {
  const format = get(names.format) ?? 'text';
  const level = get(names.level) ?? 'info';
  if (format !== 'text' && format !== 'json') {
    mistakes.push(`${names.format} is "${format}": it must be text or json.`);
  }
  if (!(LOG_LEVELS as readonly string[]).includes(level)) {
    mistakes.push(`${names.level} is "${level}": it must be one of ${LOG_LEVELS.join(', ')}.`);
  }
  return { format: format === 'json' ? 'json' : 'text', level: level as LogLevel };
}
