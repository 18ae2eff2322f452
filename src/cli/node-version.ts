/**
 * The major versions of Node.js that Minutebook was tried on (docs/explanation/questions.md#which-versions-of-node).
 */
const TRIED = [20, 22, 24];

/** Returns a warning for a version of Node.js that Minutebook was not tried on; `undefined` if it was. */
export function nodeWarning(version: string): string | undefined {
  const major = Number(/^v(\d+)\./.exec(version)?.[1]);
  if (TRIED.includes(major)) return undefined;
  return `Minutebook has not been tested on Node.js ${version}. Use Node.js 24, 22 or 20.`;
}
