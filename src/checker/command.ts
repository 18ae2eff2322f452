import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { checkFile } from './check-file';
import { inWords } from './words';

const CHECK_USAGE = 'check-bundle FILE [--key KEY] [--json]';

/**
 * `check-bundle`: 0 = everything follows, 1 = something does not, or the file can't be read. It needs no configuration,
 * no network and no other part of Minutebook.
 * @param key the ledger's verifier key, or a file that holds it.
 */
export async function checkBundle(
  file: string,
  { key, json }: { readonly key: string | undefined; readonly json: boolean },
): Promise<0 | 1> {
  const report = await checkFile(file, key === undefined ? undefined : await keyOf(key));
  process.stdout.write(`${json ? JSON.stringify(report) : inWords(report)}\n`);
  return report.holds ? 0 : 1;
}

/** A verifier key has two `+`. Anything else is the name of a file. */
async function keyOf(text: string): Promise<string> {
  return text.split('+').length >= 3 ? text : (await readFile(text, 'utf8')).trim();
}

/** The command by itself: `node main.js FILE` needs only this folder and Node.js. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { key: { type: 'string' }, json: { type: 'boolean' } },
    });
    const [file, ...rest] = positionals;
    if (file === undefined || rest.length > 0) throw new Error(`Usage: ${CHECK_USAGE}`);
    return await checkBundle(file, { key: values.key, json: values.json === true });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}
