import { sqliteCode } from '../../event-store/sqlite-code';

/** Of SQLite and of the system: why a file could not be written, and not that something in it is wrong. */
const REASONS: readonly (readonly [codes: RegExp, why: string])[] = [
  [/^(SQLITE_FULL|ENOSPC|EDQUOT)$/, 'the disk is full'],
  [/^(SQLITE_READONLY.*|EACCES|EPERM|EROFS)$/, 'it may not be written'],
  [/^(SQLITE_CANTOPEN.*|EISDIR|ENOTDIR|ENOENT)$/, 'it cannot be opened or made'],
  [/^(SQLITE_IOERR.*|EIO|EFBIG)$/, 'the disk does not take it'],
  [/^SQLITE_BUSY.*$/, 'another program has it open'],
];

/** Why a file could not be written, as a sentence; `undefined` if an error says something else. */
export function explainWrite(file: string, error: unknown): string | undefined {
  const code = sqliteCode(error) ?? (error as NodeJS.ErrnoException | null)?.code;
  if (typeof code !== 'string') return undefined;
  const reason = REASONS.find(([codes]) => codes.test(code))?.[1];
  return reason && `${file} could not be written: ${reason} (${code}).`;
}
