import { ConfigError } from '../config/config';
import { sqliteCode } from '../event-store/sqlite-code';
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

/**
 * Ends a command whose output can't be written, with status 1: without a message if its reader went away, as `head`
 * does.
 */
export function endOnLostOutput(): void {
  for (const stream of OUTPUT) stream.on('error', endLost);
}

/**
 * Lets a service go on whose output can't be written, because a log file's disk is full or the log's reader is gone.
 * Says so once on standard error, which may be elsewhere. Replaces {@link endOnLostOutput}.
 */
export function surviveLostOutput(): void {
  for (const stream of OUTPUT) stream.off('error', endLost).on('error', sayLost);
}

const OUTPUT = [process.stdout, process.stderr] as const;
let saidLost = false;

function endLost(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') console.error(`The output could not be written: ${error.message}.`);
  process.exit(1);
}

function sayLost(this: unknown, error: NodeJS.ErrnoException): void {
  if (saidLost || this === process.stderr) return;
  saidLost = true;
  console.error(
    `The log could not be written to standard output: ${error.message}. The service goes on, and loses lines of its log until it can be.`,
  );
}

function sentenceOf(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (OWN_MISTAKES.some((kind) => error instanceof kind)) {
    return `This is a fault in Minutebook; please report it with these lines:\n${(error as Error).stack}`;
  }
  const ofDatabase = sentenceOfSqlite(error);
  if (ofDatabase !== undefined) return ofDatabase;
  const path = (error as NodeJS.ErrnoException | null)?.path;
  if (path !== undefined) return describeFileError(error, path);
  return error instanceof Error ? error.message : String(error);
}

/** What to do about SQLite's errors that name neither the file nor a way out, by the beginning of their code. */
const SQLITE: readonly (readonly [code: string, what: string])[] = [
  ['SQLITE_FULL', 'The disk is full'],
  ['SQLITE_IOERR', 'A disk could not be read or written, or a file may not grow (ulimit -f)'],
  ['SQLITE_CANTOPEN', 'A file could not be opened: check its owner, and ulimit -n'],
  ['SQLITE_READONLY', 'A file may not be written: check its owner and mode'],
];

function sentenceOfSqlite(error: unknown): string | undefined {
  const code = sqliteCode(error);
  const what = SQLITE.find(([beginning]) => code?.startsWith(beginning) === true)?.[1];
  if (what === undefined) return undefined;
  return `${what} (${code}: ${(error as Error).message}). Check the disks of DATA_DIR and of temporary files (TMPDIR), then start again. Nothing that was acknowledged is lost.`;
}
