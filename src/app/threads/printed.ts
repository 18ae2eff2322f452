import { Logger } from '@nestjs/common';

/** Logs what a thread prints, such as a warning of Node.js, like any other line of the service's log. */
export function logPrinted(line: string): void {
  if (line !== '') new Logger('threads').warn(line);
}
