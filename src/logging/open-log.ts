import type { LogChoice } from '../config/logs';
import { JsonLog } from './json-log';
import type { Log } from './log-line';
import { TextLog } from './text-log';

/** Opens the service's log in the chosen format. */
export function openLog({ format, level }: LogChoice): Log {
  return format === 'json' ? new JsonLog(level) : new TextLog(level);
}
