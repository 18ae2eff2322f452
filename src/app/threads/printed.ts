import { createRequire } from 'node:module';

import type * as Nest from '@nestjs/common';

/** Other threads import this file, too, but only the serving one logs: the others need not load Nest. */
const load = createRequire(__filename);

/** Logs what a thread prints, such as a warning of Node.js, like any other line of the service's log. */
export function logPrinted(line: string): void {
  if (line === '') return;
  const { Logger } = load('@nestjs/common') as typeof Nest;
  new Logger('threads').warn(line);
}
