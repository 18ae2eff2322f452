import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { checkFile } from './check-file';
import type { DoesNotFollow } from './problem';
import { readWitnessKey } from './signed-note';
import type { WitnessChoice } from './witnesses';
import { inWords } from './words';

const CHECK_USAGE =
  'check-bundle FILE [--key KEY] [--witness KEY]... [--witnesses FILE] [--require NUMBER] [--json]';

/** The command was called in a wrong way. */
export class WrongUse extends Error {}

/** The options of the checking person. */
export interface CheckOptions {
  /** The ledger's verifier key, or a file that holds it. */
  readonly key: string | undefined;
  /** Verifier keys of witnesses. */
  readonly witness?: readonly string[] | undefined;
  /** A file with `witness NAME KEY [URL]` lines. */
  readonly witnesses?: string | undefined;
  /** How many of the witnesses must have signed; all if left out. */
  readonly require?: string | undefined;
  readonly json: boolean;
}

/**
 * Runs `check-bundle`. Returns 0 if everything follows, else 1. It needs no configuration, no network and no other part
 * of Minutebook.
 * @throws WrongUse if the options don't go together.
 * @throws Error with a sentence if a file can't be read.
 */
export async function checkBundle(
  file: string,
  { key, json, ...given }: CheckOptions,
): Promise<0 | 1> {
  const verifierKey = key === undefined ? undefined : await keyOf(key);
  const choice = await witnessesOf(given);
  const report = await checkFile(file, verifierKey, choice).catch((error: unknown) =>
    refuse(file, error),
  );
  process.stdout.write(`${json ? JSON.stringify(report) : inWords(report)}\n`);
  return report.holds ? 0 : 1;
}

/** A text with two or more `+` is a verifier key. Any other text is a file name. */
async function keyOf(text: string): Promise<string> {
  if (text.split('+').length >= 3) return text;
  return (await textOf(text)).trim();
}

async function witnessesOf({
  witness = [],
  witnesses,
  require: text,
}: Omit<CheckOptions, 'key' | 'json'>): Promise<WitnessChoice> {
  const listed = witnesses === undefined ? [] : readPolicy(await textOf(witnesses));
  const keys = [...new Set([...witness, ...listed])];
  try {
    keys.forEach(readWitnessKey);
  } catch (error) {
    throw new WrongUse(`A witness's key can't be used: ${(error as DoesNotFollow).text}`, {
      cause: error,
    });
  }
  if (new Set(keys.map((one) => one.split('+').slice(2).join('+'))).size < keys.length) {
    throw new WrongUse('One key was given under two names: it would count twice.');
  }
  const required = text === undefined ? null : Number(text);
  if (required !== null && !(/^\d+$/.test(text!) && required <= keys.length)) {
    throw new WrongUse(
      `--require is ${text}: it must be a whole number up to ${keys.length}, of the witnesses given.`,
    );
  }
  return { keys, required };
}

/** Reads the keys of the witnesses in a trust policy (c2sp.org/tlog-policy). */
function readPolicy(text: string): string[] {
  return text.split('\n').flatMap((line, at) => {
    const [kind, , key, ...rest] = line.trim().split(/[ \t\r]+/);
    if (kind === '' || kind!.startsWith('#') || kind === 'log') return [];
    if (kind === 'witness' && key !== undefined && rest.length <= 1) return [key];
    throw new Error(
      `Line ${at + 1} of the witnesses is not of the form witness NAME KEY [URL]. Groups and quorums are not read: use --require.`,
    );
  });
}

async function textOf(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => refuse(path, error));
  return text.replace(/^\uFEFF/, '');
}

/** @throws Error always, with a sentence that says what is wrong with the file. */
function refuse(path: string, error: unknown): never {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') throw new Error(`There is no file ${path}.`);
  if (code === 'EISDIR') throw new Error(`${path} is a folder, not a file. Give a file in it.`);
  // Its beginning says whether it is compressed, and a pipe can't be read from its beginning twice.
  if (code === 'ESPIPE') throw new Error(`${path} is a pipe, not a file: save it to a file first.`);
  if (code === 'EACCES') throw new Error(`This user has no permission to read ${path}.`);
  throw error;
}

function isUnknownOption(error: unknown): boolean {
  return String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS_');
}

/** Runs the command on its own: `node main.js FILE` needs only this folder and Node.js. Returns the exit status. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        key: { type: 'string' },
        witness: { type: 'string', multiple: true },
        witnesses: { type: 'string' },
        require: { type: 'string' },
        json: { type: 'boolean' },
      },
    });
    const [file, ...rest] = positionals;
    if (file === undefined || rest.length > 0) throw new WrongUse(`Usage: ${CHECK_USAGE}`);
    const { json = false, key, ...given } = values;
    return await checkBundle(file, { key, json, ...given });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof WrongUse || isUnknownOption(error) ? 2 : 1;
  }
}
