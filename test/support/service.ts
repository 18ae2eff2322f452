import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readConfig } from '../../src/config/config';
import { Clock } from '../../src/lib/clock';
import { createService, type Service } from '../../src/app/service';
import { fetchFrom, keysOf, type Keys } from './keys';
import { storeOf } from './event-store-server';
import { dropReadModelOf, readModelOf } from './postgres';

/** The maximum number of attempts of a read that waits for a position. */
const TRIES = 10;

/** Asks until the answer is another one than `not_caught_up`, or {@link TRIES} times. */
async function untilCaughtUp<A extends { readonly body: unknown }>(ask: () => Promise<A>) {
  for (let tries = 1; ; tries += 1) {
    const answer = await ask();
    const { code } = (answer.body ?? {}) as Partial<Problem>;
    if (code !== 'not_caught_up' || tries === TRIES) return answer;
  }
}

/** A service as tests use it: over HTTP. */
export class HttpService {
  /** The last position in the answers to writes. */
  private written = '0';

  /** @param keys the keys of the service; each request carries the one that its path needs. */
  constructor(
    readonly url: string,
    readonly keys: Keys,
  ) {}

  /** The same service, as the holder of one key uses it. */
  as(key: string): HttpService {
    return new HttpService(this.url, { producer: key, reader: key, finance: key, admin: key });
  }

  /** Like the global `fetch`, with the key that the path needs. */
  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetchFrom(this.url, this.keys, path, init);
  }

  /**
   * Reads a path. Repeats a read with `at_least` whose position is not projected yet, as the contract allows: on a busy
   * machine that may take longer than the two seconds that the service waits.
   */
  async get<T = Record<string, unknown>>(path: string): Promise<{ status: number; body: T }> {
    const get = () => this.getOnce<T>(path);
    return path.includes('at_least=') ? untilCaughtUp(get) : get();
  }

  async getOnce<T = Record<string, unknown>>(path: string): Promise<{ status: number; body: T }> {
    const response = await this.fetch(path);
    return { status: response.status, body: (await response.json()) as T };
  }

  async post<T = Record<string, unknown>>(
    path: string,
    contentType: string | undefined,
    body: string | Uint8Array,
    headers: Readonly<Record<string, string>> = {},
    method = 'POST',
  ): Promise<{ status: number; headers: Headers; body: T }> {
    const response = await this.fetch(path, {
      method,
      headers: {
        ...(contentType === undefined ? {} : { 'content-type': contentType }),
        ...headers,
      },
      body: typeof body === 'string' ? body : Buffer.from(body),
    });
    const text = await response.text();
    const answered = (text === '' ? undefined : JSON.parse(text)) as T;
    const { position } = (answered ?? {}) as { position?: unknown };
    if (typeof position === 'string') this.written = position;
    return { status: response.status, headers: response.headers, body: answered };
  }

  /** Waits until reads include everything that was written through this object. */
  async caughtUp(): Promise<void> {
    const { status } = await this.get(`/v1/audit/root?at_least=${this.written}`);
    if (status !== 200) throw new Error(`The service does not catch up with ${this.written}.`);
  }

  one(event: unknown) {
    return this.post<Answer & Problem>('/v1/events', STRUCTURED, JSON.stringify(event));
  }

  batch(events: readonly unknown[]) {
    return this.post<Answer & Problem>('/v1/events', BATCH, JSON.stringify(events));
  }

  /**
   * Sends a finance write, with a new idempotency key unless one is given. Repeats it under the same key while the
   * service has not caught up, as {@link get} does.
   */
  async write<T = Record<string, unknown>>(
    method: 'POST' | 'PUT',
    path: string,
    body: unknown,
    key = `key-${(writes += 1)}`,
  ): Promise<{ status: number; headers: Headers; body: T }> {
    const headers = { 'idempotency-key': key };
    const text = JSON.stringify(body);
    return untilCaughtUp(() => this.post<T>(path, 'application/json', text, headers, method));
  }
}

/** A service in this process, on a free port, with a data folder of its own. */
export class TestService extends HttpService {
  private constructor(
    readonly service: Service,
    readonly dataDir: string,
    /** Its environment, with which the command line finds the same ledger. */
    readonly environment: Readonly<Record<string, string>>,
    private readonly keep: boolean,
  ) {
    super(service.url, keysOf(dataDir));
  }

  static async start(
    options: {
      readonly dataDir?: string;
      readonly environment?: Readonly<Record<string, string>>;
      readonly now?: () => number;
      readonly waitMs?: number;
    } = {},
  ): Promise<TestService> {
    const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'minutebook-test-'));
    const environment = {
      PORT: '0',
      DATA_DIR: dataDir,
      ...storeOf(dataDir),
      ...(await readModelOf(dataDir)),
      ...options.environment,
    };
    const clock = new Clock(options.now ?? Date.now);
    const service = await createService(readConfig(environment, clock.now()), {
      logger: false,
      clock,
      ...(options.waitMs === undefined ? {} : { waitMs: options.waitMs }),
    });
    return new TestService(service, dataDir, environment, options.dataDir !== undefined);
  }

  async close(): Promise<void> {
    await this.service.close();
    if (this.keep) return;
    rmSync(this.dataDir, { recursive: true, force: true });
    await dropReadModelOf(this.dataDir);
  }
}

let writes = 0;

export const STRUCTURED = 'application/cloudevents+json';
export const BATCH = 'application/cloudevents-batch+json';

export interface Answer {
  readonly position: string;
  readonly results: readonly {
    readonly id: string;
    readonly source: string;
    readonly status: string;
    readonly position: string | null;
    readonly code?: string;
    readonly pointer?: string | null;
    readonly fields?: readonly string[] | null;
  }[];
}

export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly pointer?: string;
  readonly fields?: readonly string[];
}

let number = 0;

/** A sound event; a test may replace parts of it. */
export function completed(
  data: Readonly<Record<string, unknown>> = {},
  attributes: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  number += 1;
  return {
    specversion: '1.0',
    id: `event-${number}`,
    source: 'test/worker',
    type: 'transcription.session.completed',
    time: '2026-10-05T10:00:00Z',
    data: {
      session_id: `session-${number}`,
      user_id: 'ann',
      stt_provider: 'google',
      duration_seconds: 90,
      ...data,
    },
    ...attributes,
  };
}
