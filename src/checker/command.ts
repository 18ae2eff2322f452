import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { checkFile } from './check-file';
import { inWords } from './words';

const CHECK_USAGE = 'check-bundle FILE [--key KEY] [--json]';

/**
 * `check-bundle`: 0 = everything follows, 1 = something does not, or the file can't be read. It needs no configuration,
 * no network and no other part of Minutebook.
 * @param key the ledger's verifier key, or a file that holds it.
 * @throws Error with a sentence if a file can't be read.
 */
export async function checkBundle(
  file: string,
  { key, json }: { readonly key: string | undefined; readonly json: boolean },
): Promise<0 | 1> {
  const verifierKey = key === undefined ? undefined : await keyOf(key);
  const report = await checkFile(file, verifierKey).catch((error: unknown) => refuse(file, error));
  process.stdout.write(`${json ? JSON.stringify(report) : inWords(report)}\n`);
  return report.holds ? 0 : 1;
}

/** A verifier key has two `+`. Anything else is the name of a file. */
async function keyOf(text: string): Promise<string> {
  if (text.split('+').length >= 3) return text;
  const read = await readFile(text, 'utf8').catch((error: unknown) => refuse(text, error));
  return read.trim();
}

/** @throws Error always: what is wrong with a file, as a sentence. */
function refuse(path: string, error: unknown): never {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') throw new Error(`There is no file ${path}.`);
  if (code === 'EISDIR') throw new Error(`${path} is a folder, not a file.`);
  if (code === 'EACCES') throw new Error(`This user has no permission to read ${path}.`);
  throw error;
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
