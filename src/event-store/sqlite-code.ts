/**
 * Returns SQLite's own code of an error, such as `SQLITE_FULL`; `undefined` for any other error. It looks for the code,
 * not the class: the addon has one error class per process, which a test runner's sandbox does not share.
 */
export function sqliteCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : undefined;
}

/** Returns whether SQLite reports, in an error or its cause, that a file's content can no longer be read. */
export function isDamage(error: unknown): boolean {
  const codes = [error, (error as { cause?: unknown } | null)?.cause].map(sqliteCode);
  return codes.some((code) => /^SQLITE_(CORRUPT|NOTADB)/.test(code ?? ''));
}
