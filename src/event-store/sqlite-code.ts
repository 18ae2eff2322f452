/**
 * SQLite's own code of an error, such as `SQLITE_FULL`; `undefined` of any other error. Told by the code, not by a
 * class: the addon keeps one error class a process, which a test runner's sandbox does not share.
 */
export function sqliteCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : undefined;
}

/** Whether SQLite says that what stands in a file can't be read any more, itself or as the cause of an error. */
export function isDamage(error: unknown): boolean {
  const codes = [error, (error as { cause?: unknown } | null)?.cause].map(sqliteCode);
  return codes.some((code) => /^SQLITE_(CORRUPT|NOTADB)/.test(code ?? ''));
}
