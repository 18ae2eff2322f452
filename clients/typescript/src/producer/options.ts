import { ClientError } from '../errors.js';
import { checkNames, type NamesOf } from '../known-names.js';
import { checkKey, type Key } from '../key.js';
import { checkUrl } from '../url.js';
import type { Reports } from './reports.js';

/** How a worker speaks to the ledger. */
export interface ProducerOptions extends Reports {
  /** The service's address, such as `https://minutebook.example.com`. */
  readonly url: string;
  /** A producer's key, or what gives it (asked before each request, so that a key can be changed without a restart). */
  readonly key?: Key | undefined;
  /**
   * Who tells: the `source` of the events. With the id it names a fact, so it is the same for all workers that may take over
   * a recording from one another.
   */
  readonly source: string;
  /** A folder on a local disk, made if it is not there. Any number of processes of a machine share it. */
  readonly spool: string;
  /** How many bytes the spool may have, refused facts included; 256 MiB. */
  readonly maxSpoolBytes?: number;
  /** How long a request may take, in milliseconds; 30,000. */
  readonly timeoutMs?: number;
  /** How long the process is held up at its end to send what waits, in milliseconds; 5,000. 0: it is left to the next run. */
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

/** The options with what was left out. @throws ClientError `invalid_option`, `invalid_key`; it repeats no value. */
export function checkOptions(
  options: ProducerOptions,
): Required<Omit<ProducerOptions, keyof Reports | 'key'>> {
  checkNames('Producer', options, NAMES);
  const { url, source, spool } = options;
  const { maxSpoolBytes = 256 * MIB, timeoutMs = 30_000, exitFlushMs = 5_000 } = options;
  if (typeof source !== 'string' || source === '' || source.length > MAX_SOURCE) {
    refuse(`source is a text of 1 to ${MAX_SOURCE} characters.`);
  }
  if (typeof spool !== 'string' || spool === '') refuse('spool is the path of a folder.');
  if (!(maxSpoolBytes >= LEAST_SPOOL_BYTES))
    refuse(`maxSpoolBytes is ${LEAST_SPOOL_BYTES} at least.`);
  if (!(timeoutMs > 0)) refuse('timeoutMs is more than 0.');
  if (!(exitFlushMs >= 0)) refuse('exitFlushMs is 0 or more.');
  checkKey(options.key);
  return { url: checkUrl(url), source, spool, maxSpoolBytes, timeoutMs, exitFlushMs };
}

function refuse(message: string): never {
  throw new ClientError('invalid_option', message);
}
