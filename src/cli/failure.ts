import { ConfigError } from '../config/config';
import { describeFileError } from '../lib/file-error';

/** How long an orderly end may take after a failure, before the process is ended. */
const LEFT_OVER_MS = 2_000;

/** The command was told to stop before it was done. */
export class Interrupted extends Error {
  constructor() {
    super('It was interrupted.');
  }
}

/** Mistakes of the program itself, which a person can only report. */
const OWN_MISTAKES = [TypeError, ReferenceError, RangeError, SyntaxError];

/** Says what went wrong, for a person, and ends with status 1: whatever is left over by then does not keep it alive. */
export function fail(error: unknown, say = (text: string) => console.error(text)): void {
  if ((error as NodeJS.ErrnoException | null)?.code !== 'EPIPE') say(sentenceOf(error));
  process.exitCode = error instanceof Interrupted ? 130 : 1;
  setTimeout(() => process.exit(), LEFT_OVER_MS).unref();
}

/** Whoever reads what is printed may go away, as `head` does: that is the end, and nothing to tell. */
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
