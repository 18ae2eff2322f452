import { ClientError } from '../errors.js';
import { checkNames, type NamesOf } from '../known-names.js';
import { checkKey, type Key } from '../key.js';
import { checkUrl } from '../url.js';
import type { Reports } from './reports.js';

/** Options of a Producer. */
export interface ProducerOptions extends Reports {
  /** The service's address, such as `https://minutebook.example.com`. */
  readonly url: string;
  /**
   * A producer's key, or a function that returns it, called before each request: a key can change without a restart.
   */
  readonly key?: Key | undefined;
  /**
   * The `source` of the events. With the id it identifies a fact, so it must be the same for all workers that may take
   * over a recording from one another.
   */
  readonly source: string;
  /** A folder on a local disk, created if missing. Any number of processes on the machine may share it. */
  readonly spool: string;
  /** How many bytes the spool may hold, refused facts included (default: 256 MiB). */
  readonly maxSpoolBytes?: number;
  /** How long a request may take, in milliseconds (default: 30,000). */
  readonly timeoutMs?: number;
  /**
   * How long the process waits at its end to send waiting facts, in milliseconds (default: 5,000). 0 leaves them to the
   * next run.
   */
  readonly exitFlushMs?: number;
}

const NAMES: NamesOf<ProducerOptions> = {
  url: true,
  key: true,
  source: true,
  spool: true,
  maxSpoolBytes: true,
  timeoutMs: true,
  exitFlushMs: true,
  onSettled: true,
  onRefused: true,
  onTrouble: true,
};

const MIB = 1024 * 1024;
const LEAST_SPOOL_BYTES = MIB;
const MAX_SOURCE = 512;

/** Checks the options and adds defaults. @throws ClientError `invalid_option`, `invalid_key`; it repeats no value. */
export function checkOptions(
  options: ProducerOptions,
): Required<Omit<ProducerOptions, keyof Reports | 'key'>> {
  checkNames('Producer', options, NAMES);
  const { url, source, spool } = options;
  const { maxSpoolBytes = 256 * MIB, timeoutMs = 30_000, exitFlushMs = 5_000 } = options;
  if (typeof source !== 'string' || source === '' || source.length > MAX_SOURCE) {
    refuse(`source must be a string of 1 to ${MAX_SOURCE} characters.`);
  }
  if (typeof spool !== 'string' || spool === '') refuse('spool must be the path of a folder.');
  if (!(maxSpoolBytes >= LEAST_SPOOL_BYTES))
    refuse(`maxSpoolBytes must be at least ${LEAST_SPOOL_BYTES}.`);
  if (!(timeoutMs > 0)) refuse('timeoutMs must be more than 0.');
  if (!(exitFlushMs >= 0)) refuse('exitFlushMs must be 0 or more.');
  checkKey(options.key);
  return { url: checkUrl(url), source, spool, maxSpoolBytes, timeoutMs, exitFlushMs };
}

function refuse(message: string): never {
  throw new ClientError('invalid_option', message);
}
