import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { RefusedError } from '../domain/errors';
import type { Json } from '../domain/events/facts';
import type { OpeningTerms } from '../domain/ledger';
import { parsePlans } from '../domain/plan/parse-plans';
import { SHIPPED_PLANS } from '../domain/plan/plan';
import { parseRateCard, SHIPPED_CARD, type RateCard } from '../domain/rating/rate-card';
import { isSameFile } from '../event-store/file-identity';
import { readJsonFile } from '../lib/json-file';
import {
  fileOfEventStore,
  readEventStore,
  readStreamPrefix,
  type EventStoreChoice,
} from './event-store';
import { readConsoleSignIn, type ConsoleSignIn } from './console-sign-in';
import { faultOfFile, readFolder, type Get } from './paths';
import { readReadModel, type ReadModelChoice } from './read-model';
import { readLogs, type LogChoice } from './logs';
import { shareMemory, type Memory } from './memory';
import { readRateLimits, type RateLimits } from './rate-limits';
import { readTlsFiles, type TlsFiles } from './tls-files';
import { readTokens, type TokensChoice } from './tokens';
import { readTracing, TRACING_VARIABLES, type TracingChoice } from './tracing';
import type { Witness } from '../lib/witness-policy';
import { readWitnesses } from './witnesses';
import { readTrustProxy, type TrustProxy } from './trust-proxy';

/** The configuration: the environment, parsed and checked once. */
export interface Config {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  /** `undefined` = plain HTTP. */
  readonly tls: TlsFiles | undefined;
  readonly trustProxy: TrustProxy;
  /** `undefined` = only API keys are accepted. */
  readonly tokens: TokensChoice | undefined;
  /** How people sign in to the console through the issuer; `undefined` = only with a key or token they already have. */
  readonly consoleSignIn: ConsoleSignIn | undefined;
  readonly rateLimits: RateLimits;
  readonly dataDir: string;
  readonly eventStore: EventStoreChoice;
  readonly readModel: ReadModelChoice;
  /** An IANA name; `undefined` = the ledger's own zone, or UTC for a new ledger. */
  readonly billingTimeZone: string | undefined;
  readonly opening: OpeningTerms;
  /** The files of the opening terms; `undefined` = the built-in ones. */
  readonly openingFiles: OpeningFiles;
  /** The sender of the bills, named in exports. */
  readonly invoiceIssuerName: string;
  /** For tests: whether webhooks may reach the operator's own network and use plain http. */
  readonly webhookAllowPrivate: boolean;
  /** Where outsiders can see signed roots, and which witnesses cosign them. */
  readonly outsiders: Outsiders;
  readonly limits: Limits;
  /** How the service's memory is divided among its parts. */
  readonly memory: Memory;
  readonly logs: LogChoice;
  /** `undefined` = requests are not traced. */
  readonly tracing: TracingChoice | undefined;
  /** The share of one core that the background check may use; 0 = it does not run. */
  readonly backgroundCheckShare: number;
}

interface OpeningFiles {
  readonly rateCards: string | undefined;
  readonly plans: string | undefined;
}

interface Outsiders {
  /** A folder that each signed root is also written to; `undefined` = none. */
  readonly folder: string | undefined;
  /** Whether everybody may read the newest signed root. */
  readonly isPublic: boolean;
  /** The witnesses that are asked to cosign. */
  readonly witnesses: readonly Witness[];
  /** Whether witnesses may be in the operator's own network and use plain http. */
  readonly allowPrivate: boolean;
}

/** Limits that operators may set. */
interface Limits {
  /** How many events the read model may lag behind before the service reports that it is not ready. */
  readonly readyMaxBehind: number;
  /** How many deliveries may wait for one webhook before it is turned off. */
  readonly webhookMostWaiting: number;
  /** How many threads reports, exports, replays and reads of the past share. */
  readonly workerThreads: number;
  /** How large a thread's heap may grow, in MB, before the thread is restarted. */
  readonly threadHeapMb: number;
}

/** All mistakes in the environment, one sentence for each. */
export class ConfigError extends Error {
  constructor(readonly mistakes: readonly string[]) {
    super(`The configuration has mistakes:\n${mistakes.map((one) => `  - ${one}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads only the data folder, for code that needs nothing but a file in it. */
export function dataDirOf(environment: Environment): string {
  return readFolder('DATA_DIR', getterOf(environment), './data', []);
}

const RATE_LIMIT_VARIABLES = {
  producer: 'RATE_LIMIT_PRODUCER',
  reader: 'RATE_LIMIT_READER',
  finance: 'RATE_LIMIT_FINANCE',
  costly: 'RATE_LIMIT_COSTLY',
};

const TOKEN_VARIABLES = {
  jwks: 'JWKS_URL',
  issuer: 'JWT_ISSUER',
  audience: 'JWT_AUDIENCE',
  roles: 'JWT_ROLES_CLAIM',
  user: 'JWT_USER_CLAIM',
};

const CONSOLE_SIGN_IN_VARIABLES = {
  clientId: 'CONSOLE_OIDC_CLIENT_ID',
  issuer: 'CONSOLE_OIDC_ISSUER',
  scope: 'CONSOLE_OIDC_SCOPE',
  parameters: 'CONSOLE_OIDC_PARAMETERS',
};

/** Treats an empty variable as unset. */
function getterOf(environment: Environment): Get {
  return (name) => environment[name]?.trim() || undefined;
}

/**
 * Reads the environment variables (docs/reference/configuration.md). An empty one counts as unset.
 * @throws ConfigError with a message for each mistake.
 */
export function readConfig(environment: Environment, now: number): Config {
  const mistakes: string[] = [];
  const get = getterOf(environment);
  const dataDir = readFolder('DATA_DIR', get, './data', mistakes);
  const streamPrefix = readStreamPrefix('STREAM_PREFIX', get, mistakes);
  const config: Config = {
    host: readHost(get('HOST') ?? '127.0.0.1', mistakes),
    port: readPort(get('PORT') ?? '3000', mistakes),
    tls: readTlsFiles({ certificate: 'TLS_CERT_FILE', key: 'TLS_KEY_FILE' }, get, mistakes),
    trustProxy: readTrustProxy('TRUST_PROXY', get, mistakes),
    tokens: readTokens(TOKEN_VARIABLES, get, mistakes),
    consoleSignIn: readConsoleSignIn(CONSOLE_SIGN_IN_VARIABLES, TOKEN_VARIABLES, get, mistakes),
    rateLimits: readRateLimits(RATE_LIMIT_VARIABLES, get, mistakes),
    dataDir,
    eventStore: readEventStore('EVENT_STORE_URL', get, dataDir, streamPrefix, mistakes),
    readModel: readReadModel('READ_MODEL_URL', get, dataDir, mistakes),
    billingTimeZone: readZone(get('BILLING_TIME_ZONE'), mistakes),
    invoiceIssuerName: readIssuer(get('INVOICE_ISSUER_NAME') ?? 'Minutebook', mistakes),
    webhookAllowPrivate: readFlag('WEBHOOK_ALLOW_PRIVATE', get, mistakes),
    outsiders: readOutsiders(get, mistakes),
    limits: {
      readyMaxBehind: readWhole('READY_MAX_BEHIND', get, [1, 1_000_000_000], 10_000, mistakes),
      workerThreads: readWhole('WORKER_THREADS', get, [1, 64], standardThreads(), mistakes),
      webhookMostWaiting: readWhole('WEBHOOK_MOST_WAITING', get, [1, 1_000_000], 100_000, mistakes),
      threadHeapMb: readWhole('THREAD_HEAP_MB', get, [128, 65_536], 2_048, mistakes),
    },
    memory: shareMemory(readWhole('MEMORY_MB', get, [256, 65_536], 1_024, mistakes)),
    tracing: readTracing(TRACING_VARIABLES, get, mistakes),
    logs: readLogs({ format: 'LOG_FORMAT', level: 'LOG_LEVEL' }, get, mistakes),
    backgroundCheckShare: readShare('BACKGROUND_CHECK_SHARE', get, 0.01, mistakes),
    opening: {
      rateCards: readFileOf('RATE_CARD_FILE', get, mistakes, SHIPPED_CARD, (raw) =>
        readCards(raw, now),
      ),
      plans: readFileOf('PLANS_FILE', get, mistakes, SHIPPED_PLANS as unknown as Json, parsePlans),
    },
    openingFiles: { rateCards: get('RATE_CARD_FILE'), plans: get('PLANS_FILE') },
  };
  if (mistakes.length === 0) checkFiles(config, mistakes);
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return Object.freeze(config);
}

function readOutsiders(get: Get, mistakes: string[]): Outsiders {
  const allowPrivate = readFlag('WITNESS_ALLOW_PRIVATE', get, mistakes);
  const folder = 'CHECKPOINT_FOLDER';
  return {
    folder: get(folder) === undefined ? undefined : readFolder(folder, get, '', mistakes),
    isPublic: readFlag('PUBLIC_CHECKPOINT', get, mistakes),
    witnesses: readWitnesses('WITNESSES_FILE', get, allowPrivate, mistakes),
    allowPrivate,
  };
}

const HOST = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,253})$/;

/**
 * Checks that the files are all different, whatever their paths look like, and that a file can be at each path. Only a
 * default path can fail the second check: given ones have passed it.
 */
function checkFiles({ dataDir, eventStore, readModel }: Config, mistakes: string[]): void {
  const files: (readonly [name: string, path: string])[] = [
    ['keys.db in DATA_DIR', join(dataDir, 'keys.db')],
  ];
  if (readModel.kind === 'sqlite') files.unshift(['READ_MODEL_URL', readModel.path]);
  const eventFile = fileOfEventStore(eventStore);
  if (eventFile !== undefined) files.unshift(['EVENT_STORE_URL', eventFile]);
  for (const [index, [name, path]] of files.entries()) {
    const fault = faultOfFile(path);
    if (fault !== undefined) mistakes.push(`${name} (${path}): ${fault}.`);
    for (const [other, otherPath] of files.slice(index + 1)) {
      if (!isSameFile(path, otherPath)) continue;
      mistakes.push(`${name} and ${other} name the same file: each needs its own.`);
    }
  }
}

function readHost(host: string, mistakes: string[]): string {
  if (isIP(host) !== 0 || HOST.test(host)) return host;
  mistakes.push(
    `HOST is "${host}": it must be an IP address of this machine, 0.0.0.0 or :: for all of them, or a name such as localhost.`,
  );
  return host;
}

function readPort(text: string, mistakes: string[]): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  mistakes.push(`PORT is "${text}": it must be a whole number from 0 (any free port) to 65535.`);
  return 0;
}

function readFlag(name: string, get: Get, mistakes: string[]): boolean {
  const text = get(name) ?? 'false';
  if (text !== 'true' && text !== 'false') {
    mistakes.push(`${name} is "${text}": it must be true or false.`);
  }
  return text === 'true';
}

function readWhole(
  name: string,
  get: (name: string) => string | undefined,
  [least, most]: readonly [number, number],
  standard: number,
  mistakes: string[],
): number {
  const text = get(name);
  if (text === undefined) return standard;
  const value = /^\d{1,12}$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  mistakes.push(`${name} is "${text}": it must be a whole number from ${least} to ${most}.`);
  return standard;
}

function readShare(name: string, get: Get, standard: number, mistakes: string[]): number {
  const text = get(name);
  if (text === undefined) return standard;
  const value = /^(0|1|[01]?\.\d{1,6})$/.test(text) ? Number(text) : NaN;
  // With less, a pass of the check would never end.
  if (value === 0 || (value >= 0.001 && value <= 1)) return value;
  mistakes.push(
    `${name} is "${text}": it must be a share of a core from 0.001 to 1, such as 0.02, or 0 for none.`,
  );
  return standard;
}

/**
 * Returns how many threads the pool has by default: one for each core, less the two for serving and projecting; at
 * least 2, at most 4.
 */
function standardThreads(): number {
  return Math.min(4, Math.max(2, availableParallelism() - 2));
}

function readZone(zone: string | undefined, mistakes: string[]): string | undefined {
  if (zone === undefined) return undefined;
  try {
    // An offset such as "+08:00" is not accepted, because it knows no clock changes.
    if (/^[+-]/.test(zone)) throw new RangeError();
    return inItsCase(zone);
  } catch {
    mistakes.push(
      `BILLING_TIME_ZONE is "${zone}": it must be an IANA name such as Asia/Taipei or UTC.`,
    );
    return undefined;
  }
}

/**
 * Spells a zone as IANA does: UTC for `utc`. An alias stays one, because Node's versions disagree on what it stands for.
 * @throws RangeError if there is no such zone.
 */
function inItsCase(zone: string): string {
  const { timeZone } = new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions();
  return timeZone.toLowerCase() === zone.toLowerCase() ? timeZone : zone;
}

const CONTROL = /\p{Cc}/u;

function readIssuer(name: string, mistakes: string[]): string {
  if (name.length <= 128 && !CONTROL.test(name)) return name;
  mistakes.push('INVOICE_ISSUER_NAME must have at most 128 characters, and no control characters.');
  return '';
}

function readFileOf<T>(
  name: string,
  get: (name: string) => string | undefined,
  mistakes: string[],
  standard: Json,
  parse: (raw: Json) => T,
): T {
  const path = get(name);
  if (path === undefined) return parse(standard);
  try {
    return parse(readJsonFile(path) as Json);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    mistakes.push(`${name}${error instanceof RefusedError ? ` (${path})` : ''}: ${why}`);
    return parse(standard);
  }
}

/** Reads one card, or a list with one card for each currency. */
function readCards(raw: Json, now: number): Omit<RateCard, 'rate_card_id'>[] {
  if (!Array.isArray(raw)) return [parseRateCard(raw, now)];
  const cards = (raw as Json[]).map((card, index) => parseRateCard(card, now, `/${index}`));
  if (cards.length === 0) {
    throw new RefusedError({
      code: 'invalid_rate_card',
      detail: 'The list is empty: it must have at least one card.',
      pointer: '',
    });
  }
  cards.forEach((card, index) => {
    if (cards.findIndex((other) => other.currency === card.currency) !== index) {
      throw new RefusedError({
        code: 'invalid_rate_card',
        detail: `There is a second card for ${card.currency}: the list may have one for each currency.`,
        pointer: `/${index}/currency`,
      });
    }
  });
  return cards;
}
