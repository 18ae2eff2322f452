/** The major versions of Node.js on which Minutebook was tried (docs/explanation/questions.md#which-versions-of-node). */
const TRIED = [20, 22, 24];

/** What is to be known of running on a version of Node.js that was not tried; `undefined` on one that was. */
export function nodeWarning(version: string): string | undefined {
  const major = Number(/^v(\d+)\./.exec(version)?.[1]);
  if (TRIED.includes(major)) return undefined;
  return `Minutebook was not tried on Node.js ${version}. Use Node.js 24, 22 or 20.`;
}
