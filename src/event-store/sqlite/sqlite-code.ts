/**
 * SQLite's own code of an error, such as `SQLITE_FULL`; `undefined` of any other error. By the code, not by the
 * class: the addon knows one class a process, while a test runner may load the module that holds it several times.
 */
export function sqliteCode(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : undefined;
}
