import { ConfigError } from '../config/config';
import { describeFileError } from '../lib/file-error';

/** How long a failed command may take to clean up before the process ends, in milliseconds. */
const LEFT_OVER_MS = 2_000;

/** The command was interrupted before it was done. */
export class Interrupted extends Error {
  constructor() {
    super('It was interrupted.');
  }
}

/** Errors that are bugs of the program itself, which a user can only report. */
const OWN_MISTAKES = [TypeError, ReferenceError, RangeError, SyntaxError];

/**
 * Says what went wrong, for a person, and ends with status 1 (130 if interrupted), even if something still keeps the
 * process alive.
 */
export function fail(error: unknown, say = (text: string) => console.error(text)): void {
  if ((error as NodeJS.ErrnoException | null)?.code !== 'EPIPE') say(sentenceOf(error));
  process.exitCode = error instanceof Interrupted ? 130 : 1;
  setTimeout(() => process.exit(), LEFT_OVER_MS).unref();
}

/** Ends without a message, with status 1, if the reader of the output goes away, as `head` does. */
export function quietOnBrokenPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(1);
      throw error;
    });
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (OWN_MISTAKES.some((kind) => error instanceof kind)) {
    return `This is a fault in Minutebook; please report it with these lines:\n${(error as Error).stack}`;
  }
  const path = (error as NodeJS.ErrnoException | null)?.path;
  if (path !== undefined) return describeFileError(error, path);
  return error instanceof Error ? error.message : String(error);
}
