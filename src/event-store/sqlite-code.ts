/**
 * SQLite's own code of an error, such as `SQLITE_FULL`; `undefined` of any other error. Told by the code, not by a
 * class: the addon keeps one error class a process, which a test runner's sandbox does not share.
 */
export function sqliteCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : undefined;
}
