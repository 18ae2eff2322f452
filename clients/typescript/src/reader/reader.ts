import { checkNames, type NamesOf } from '../known-names.js';
import { checkKey, type Key } from '../key.js';
import { checkUrl } from '../url.js';
import type { Answer } from './answer.js';
import { LedgerError } from './ledger-error.js';
import { Listing, type Page } from './listing.js';
import type { AnswerOf, ItemOf, ListPath, ParametersOf, QueryOf, ReadPath } from './paths.js';
import { laterOf } from './position.js';
import { read } from './request.js';

/** How an app reads the ledger. */
export interface ReaderOptions {
  /** The service's address, such as `https://minutebook.example.com`. */
  readonly url: string;
  /** A reader's key, or what gives it. */
  readonly key?: Key | undefined;
  /** How long one try may take, in milliseconds; 10,000. */
  readonly timeoutMs?: number;
  /** How long it is tried again where that may help (503, 429, no answer), in milliseconds; 10,000. 0: never. */
  readonly retryMs?: number;
  /** In place of the platform's. */
  readonly fetch?: typeof fetch;
}

const NAMES: NamesOf<ReaderOptions> = {
  url: true,
  key: true,
  timeoutMs: true,
  retryMs: true,
  fetch: true,
};

/** Of one read. */
export interface ReadOptions {
  readonly signal?: AbortSignal;
}

type Parameters = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Reads the ledger: answers are values, typed as the API's description has them. */
export class Reader {
  private readonly url: string;
  /** The place that answers are of at least; only one that carries has it. */
  private floor: string | undefined;
  private carries = false;

  /** @throws ClientError `invalid_option`, `invalid_key`. */
  constructor(private readonly options: ReaderOptions) {
    checkNames('Reader', options, NAMES);
    this.url = checkUrl(options.url);
    checkKey(options.key);
  }

  /**
   * A reader whose answers never go back: each is of the latest place that it has seen, or of `position` (such as a write's), or
   * later. One for each who follows along, such as a request or a visitor.
   */
  carrying(position?: string): Reader {
    const reader = new Reader(this.options);
    reader.carries = true;
    reader.floor = laterOf(this.floor, position);
    return reader;
  }

  /** The latest place that one which carries has seen. */
  get position(): string | undefined {
    return this.floor;
  }

  /** Any read of the API that answers JSON. */
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

  /** Any list of the API. */
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

  /** A user's month, added up. */
  usageSummary(
    user_id: string,
    query: QueryOf<'/v1/users/{user_id}/usage-summary'> = {},
    options?: ReadOptions,
  ): Promise<Answer<AnswerOf<'/v1/users/{user_id}/usage-summary'>>> {
    return this.get('/v1/users/{user_id}/usage-summary', { path: { user_id }, query }, options);
  }

  /** A user's last months, newest first. */
  usageHistory(
    user_id: string,
    query: QueryOf<'/v1/users/{user_id}/usage-history'> = {},
    options?: ReadOptions,
  ): Promise<Answer<AnswerOf<'/v1/users/{user_id}/usage-history'>>> {
    return this.get('/v1/users/{user_id}/usage-history', { path: { user_id }, query }, options);
  }

  /** A user's usage by day, week or month. */
  usageTrend(
    user_id: string,
    query: QueryOf<'/v1/users/{user_id}/usage-trend'>,
    options?: ReadOptions,
  ): Promise<Answer<AnswerOf<'/v1/users/{user_id}/usage-trend'>>> {
    return this.get('/v1/users/{user_id}/usage-trend', { path: { user_id }, query }, options);
  }

  /** A user's usage logs, newest first. */
  usageLogs(
    user_id: string,
    query: QueryOf<'/v1/users/{user_id}/usage-logs'> = {},
    options?: ReadOptions,
  ): Listing<ItemOf<'/v1/users/{user_id}/usage-logs'>> {
    return this.list('/v1/users/{user_id}/usage-logs', { path: { user_id }, query }, options);
  }

  /** One usage log, and why it costs what it costs. */
  usageLog(
    id: string,
    query: QueryOf<'/v1/usage-logs/{id}'> = {},
    options?: ReadOptions,
  ): Promise<Answer<AnswerOf<'/v1/usage-logs/{id}'>>> {
    return this.get('/v1/usage-logs/{id}', { path: { id }, query }, options);
  }

  /** A session: its attempts, its logs, its cost. */
  session(
    session_id: string,
    query: QueryOf<'/v1/sessions/{session_id}'> = {},
    options?: ReadOptions,
  ): Promise<Answer<AnswerOf<'/v1/sessions/{session_id}'>>> {
    return this.get('/v1/sessions/{session_id}', { path: { session_id }, query }, options);
  }

  /** Whether a user's plan allows more. To ask often, and when the ledger is away, see `Entitlements`. */
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
    // Called as a function of its own: browsers refuse their fetch as a method of something else.
    const doFetch = this.options.fetch ?? ((input, init) => fetch(input, init));
    const url = this.url + fill(path, parts) + search(this.withFloor(query));
    const answer = await read(url, { key, timeoutMs, retryMs, fetch: doFetch }, signal);
    if (this.carries && answer.ok && query['as_of'] === undefined) {
      this.floor = laterOf(this.floor, answer.position ?? undefined);
    }
    return answer;
  }

  /** What the caller asks for stands; the past is of a place of its own. */
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

/** An empty part, or one of dots, would make the address of another read. */
function leadsElsewhere(part: Parameters[string]): boolean {
  return ['', '.', '..'].includes(String(part ?? ''));
}

/** What the ledger says of ids that it can see. */
function noId(name: string): LedgerError {
  const detail = `${name} must be 1 to 128 characters, and not "." or "..". Nothing was asked.`;
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
