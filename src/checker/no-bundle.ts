/** How a bundle begins. A byte order mark is allowed here: whatever reads the line complains about it. */
const BEGINNING = /^\uFEFF?\{"line":"/;

const NO_BUNDLE = 'This is not a bundle';
const INSTEAD =
  'Give the file that the command bundle or GET /v1/audit/bundle wrote, such as bundle-2026-10.ndjson.';

/** @param kind what the file is instead, as a clause. */
export const noBundle = (kind: string): string => `${NO_BUNDLE}${kind}. ${INSTEAD}`;

/** Returns whether a problem says that the file is not a bundle at all. */
export const saysNoBundle = (text: string): boolean => text.startsWith(NO_BUNDLE);

/** Files that people take for bundles, by how they begin. The first that matches is named. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^SQLite format 3\0/, 'an SQLite database (the command verify checks a ledger itself)'],
  [/^PK[^\w\s]/, 'a ZIP archive (unpack it first)'],
  [/^%PDF-/, 'a PDF'],
  // eslint-disable-next-line no-control-regex -- text has none of these
  [/[\0-\x08\x0e-\x1f\uFFFD]/, 'binary data'],
  [/^\s*</, 'a page in HTML or XML'],
  [/^\{"record":"/, 'an export, from which nothing can be proved'],
  [/^\s*[[{]/, 'other JSON'],
  [/^minutebook\/[0-9a-f-]{36}(\+|$)/, 'a signed root or a key'],
  [/^[^,;\t]+([,;\t](?! )[^,;\t]*)+$/, 'a table in CSV'],
];

/**
 * Says why a file is not a bundle, and what to give instead.
 * @param firstLine its bytes, without a line feed; it may be cut off.
 * @returns undefined if the file begins like a bundle.
 */
export function whyNoBundle(firstLine: Uint8Array): string | undefined {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  // Decodes as a stream, so that a text cut off in the middle of a character still counts as text.
  const text = decoder.decode(firstLine.subarray(0, 4_096), { stream: true });
  if (BEGINNING.test(text)) return undefined;
  const [, kind = 'some other text'] = KINDS.find(([begins]) => begins.test(text)) ?? [];
  return noBundle(` but ${kind}`);
}
