/** The last major version of Node.js on which better-sqlite3 12 is sound. */
const LAST = 22;

/**
 * What is wrong with running on a version of Node.js, if something is. From 24 on its headers make better-sqlite3 12 take back
 * a cleanup hook while garbage is collected, outside of any environment, and the process aborts.
 */
export function nodeWarning(version: string): string | undefined {
  const major = Number(/^v(\d+)\./.exec(version)?.[1]);
  if (major <= LAST) return undefined;
  return `Node.js ${version} is not supported: better-sqlite3 can abort the process on it. Use Node.js 22 or 20.`;
}
