import { sqliteCode } from '../../event-store/sqlite-code';

/**
 * The codes, of SQLite and of the system, that mean that a file could not be written, not that its content is wrong.
 */
const REASONS: readonly (readonly [codes: RegExp, why: string])[] = [
  [/^(SQLITE_FULL|ENOSPC|EDQUOT)$/, 'the disk is full'],
  [/^(SQLITE_READONLY.*|EACCES|EPERM|EROFS)$/, 'writing to it is not permitted'],
  [/^(SQLITE_CANTOPEN.*|EISDIR|ENOTDIR|ENOENT)$/, 'it cannot be opened or created'],
  [/^(SQLITE_IOERR.*|EIO|EFBIG)$/, 'the disk rejects the write'],
  [/^SQLITE_BUSY.*$/, 'another program has it open'],
];

/** Returns why a file could not be written, as a sentence; `undefined` if the error has another cause. */
export function explainWrite(file: string, error: unknown): string | undefined {
  const code = sqliteCode(error) ?? (error as NodeJS.ErrnoException | null)?.code;
  if (typeof code !== 'string') return undefined;
  const reason = REASONS.find(([codes]) => codes.test(code))?.[1];
  return reason && `${file} could not be written: ${reason} (${code}).`;
}
