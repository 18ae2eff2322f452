import { checkNames, type NamesOf } from '../known-names.js';
import { checkKey, type Key } from '../key.js';
import { checkUrl } from '../url.js';
import type { Answer } from './answer.js';
import { LedgerError } from './ledger-error.js';
import { Listing, type Page } from './listing.js';
import type { AnswerOf, ItemOf, ListPath, ParametersOf, QueryOf, ReadPath } from './paths.js';
import { laterOf } from './position.js';
import { read } from './request.js';

/** Options of a Reader. */
export interface ReaderOptions {
  /** The service's address, such as `https://minutebook.example.com`. */
  readonly url: string;
  /** A reader's key, or a function that returns it. */
  readonly key?: Key | undefined;
  /** How long one try may take, in milliseconds (default: 10,000). */
  readonly timeoutMs?: number;
  /**
   * How long to retry passing failures (429, 502, 503, 504, no answer), in milliseconds (default: 10,000). 0 never
   * retries.
   */
  readonly retryMs?: number;
  /** Replaces the platform's `fetch`. */
  readonly fetch?: typeof fetch;
}

const NAMES: NamesOf<ReaderOptions> = {
  url: true,
  key: true,
  timeoutMs: true,
  retryMs: true,
  fetch: true,
};

/** Options of one read. */
export interface ReadOptions {
  readonly signal?: AbortSignal;
}

type Parameters = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Reads the ledger. Answers are values, typed by the OpenAPI document. */
export class Reader {
  private readonly url: string;
  /** The position that answers must have reached; only a carrying reader has one. */
  private floor: string | undefined;
  private carries = false;

  /** @throws ClientError `invalid_option`, `invalid_key`. */
  constructor(private readonly options: ReaderOptions) {
    checkNames('Reader', options, NAMES);
    this.url = checkUrl(options.url);
    checkKey(options.key);
  }

  /**
   * Returns a reader whose answers never go back: each is at or after the latest position that it has seen, and
   * `position` (such as a write's). Make one per client that follows along, such as a request or a visitor.
   */
  carrying(position?: string): Reader {
    const reader = new Reader(this.options);
    reader.carries = true;
    reader.floor = laterOf(this.floor, position);
    return reader;
  }

  /** The latest position that a carrying reader has seen. */
  get position(): string | undefined {
    return this.floor;
  }

  /** Reads any path of the API that returns JSON. */
  async get<P extends ReadPath>(
    path: P,
    parameters: ParametersOf<P>,
    options: ReadOptions = {},
  ): Promise<Answer<AnswerOf<P>>> {
    const { path: parts = {}, query = {} } = parameters as {
      path?: Parameters;
      query?: Parameters;
    };
    const answer = await this.ask(path, parts, query, options);
    return answer as Answer<AnswerOf<P>>;
  }

  /** Returns any list of the API. */
  list<P extends ListPath>(
    path: P,
    parameters: ParametersOf<P>,
    options: ReadOptions = {},
  ): Listing<ItemOf<P>> {
    const { path: parts = {}, query = {} } = parameters as {
      path?: Parameters;
      query?: Parameters;
    };
    return new Listing(async (cursor) => {
      const asked = cursor === undefined ? query : { ...query, cursor };
      return (await this.ask(path, parts, asked, options)) as Answer<Page<ItemOf<P>>>;
    });
  }

  /** Returns a user's totals for a month. */
  usageSummary(
    user_id: string,
    query: QueryOf<'/v1/users/{user_id}/usage-summary'> = {},
    options?: ReadOptions,
  ): Promise<Answer<AnswerOf<'/v1/users/{user_id}/usage-summary'>>> {
    return this.get('/v1/users/{user_id}/usage-summary', { path: { user_id }, query }, options);
  }

  /** Returns a user's last months, newest first. */
  usageHistory(
    user_id: string,
    query: QueryOf<'/v1/users/{user_id}/usage-history'> = {},
    options?: ReadOptions,
  ): Promise<Answer<AnswerOf<'/v1/users/{user_id}/usage-history'>>> {
    return this.get('/v1/users/{user_id}/usage-history', { path: { user_id }, query }, options);
  }

  /** Returns a user's usage by day, week or month. */
  usageTrend(
    user_id: string,
    query: QueryOf<'/v1/users/{user_id}/usage-trend'>,
    options?: ReadOptions,
  ): Promise<Answer<AnswerOf<'/v1/users/{user_id}/usage-trend'>>> {
    return this.get('/v1/users/{user_id}/usage-trend', { path: { user_id }, query }, options);
  }

  /** Lists a user's usage logs, newest first. */
  usageLogs(
    user_id: string,
    query: QueryOf<'/v1/users/{user_id}/usage-logs'> = {},
    options?: ReadOptions,
  ): Listing<ItemOf<'/v1/users/{user_id}/usage-logs'>> {
    return this.list('/v1/users/{user_id}/usage-logs', { path: { user_id }, query }, options);
  }

  /** Returns one usage log, and why it costs what it does. */
  usageLog(
    id: string,
    query: QueryOf<'/v1/usage-logs/{id}'> = {},
    options?: ReadOptions,
  ): Promise<Answer<AnswerOf<'/v1/usage-logs/{id}'>>> {
    return this.get('/v1/usage-logs/{id}', { path: { id }, query }, options);
  }

  /** Returns a session: its attempts, logs and cost. */
  session(
    session_id: string,
    query: QueryOf<'/v1/sessions/{session_id}'> = {},
    options?: ReadOptions,
  ): Promise<Answer<AnswerOf<'/v1/sessions/{session_id}'>>> {
    return this.get('/v1/sessions/{session_id}', { path: { session_id }, query }, options);
  }

  /**
   * Checks whether a user's plan allows more. For frequent checks, and while the ledger is away, use `Entitlements`.
   */
  entitlement(
    user_id: string,
    query: QueryOf<'/v1/users/{user_id}/entitlement'> = {},
    options?: ReadOptions,
  ): Promise<Answer<AnswerOf<'/v1/users/{user_id}/entitlement'>>> {
    return this.get('/v1/users/{user_id}/entitlement', { path: { user_id }, query }, options);
  }

  private async ask(
    path: string,
    parts: Parameters,
    query: Parameters,
    { signal }: ReadOptions,
  ): Promise<Answer<unknown>> {
    const { key, timeoutMs = 10_000, retryMs = 10_000 } = this.options;
    const wrong = Object.entries(parts).find(([, part]) => leadsElsewhere(part));
    if (wrong !== undefined) return { ok: false, error: noId(wrong[0]) };
    // Wrapped, because browsers refuse to call their fetch as a method of another object.
    const doFetch = this.options.fetch ?? ((input, init) => fetch(input, init));
    const url = this.url + fill(path, parts) + search(this.withFloor(query));
    const answer = await read(url, { key, timeoutMs, retryMs, fetch: doFetch }, signal);
    if (this.carries && answer.ok && query['as_of'] === undefined) {
      this.floor = laterOf(this.floor, answer.position ?? undefined);
    }
    return answer;
  }

  /** Adds the floor, unless the caller set `at_least` or reads the past, which has a position of its own. */
  private withFloor(query: Parameters): Parameters {
    if (
      this.floor === undefined ||
      query['at_least'] !== undefined ||
      query['as_of'] !== undefined
    ) {
      return query;
    }
    return { ...query, at_least: this.floor };
  }
}

/** Whether a part is empty or dots, which would make it the path of another read. */
function leadsElsewhere(part: Parameters[string]): boolean {
  return ['', '.', '..'].includes(String(part ?? ''));
}

/** Makes the error that the ledger gives for such an id in a body or query. */
function noId(name: string): LedgerError {
  const detail = `${name} must be 1 to 128 characters, and not "." or "..". Nothing was sent.`;
  return new LedgerError('invalid_parameter', detail, null, `/${name}`);
}

function fill(path: string, parts: Parameters): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(parts[name])));
}

function search(query: Parameters): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) given.append(name, String(value));
  }
  const text = given.toString();
  return text === '' ? '' : `?${text}`;
}
