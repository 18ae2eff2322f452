import { createRequire } from 'node:module';

import type * as Nest from '@nestjs/common';

/** Loads Nest only to log: other threads import this file too, but only the serving thread logs. */
const load = createRequire(__filename);

/** Logs what a thread prints, such as a warning of Node.js, like any other line of the service's log. */
export function logPrinted(line: string): void {
  if (line === '') return;
  const { Logger } = load('@nestjs/common') as typeof Nest;
  new Logger('threads').warn(line);
}
