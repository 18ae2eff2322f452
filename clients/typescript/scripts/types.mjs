/**
 * Writes the types of the API (`src/reader/api.ts`) from its OpenAPI document.
 *
 *     node scripts/types.mjs DOCUMENT OUT
 *
 * DOCUMENT is a file, or the address of a running service's `/openapi.json`.
 */
import openapiTS, { astToString } from 'openapi-typescript';
import { readFile, writeFile } from 'node:fs/promises';

const [document, out] = process.argv.slice(2);
const text = /^https?:/.test(document)
  ? await (await fetch(document)).text()
  : await readFile(document, 'utf8');
// Examples are for readers of the document; in the types each would become a long comment.
const withoutExamples = (name, value) => (name === 'example' ? undefined : value);
const tree = await openapiTS(JSON.parse(text, withoutExamples), {
  immutable: true,
  alphabetize: true,
  silent: true,
});
const head = `/* Made from /openapi.json by \`npm run client:types\`: do not edit. */\n\n`;
await writeFile(out, head + astToString(tree));
