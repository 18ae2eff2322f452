import { Logger } from '@nestjs/common';

/** What a thread prints, such as a warning of Node.js, is a line of the service's log as any other. */
export function logPrinted(line: string): void {
  if (line !== '') new Logger('threads').warn(line);
}
