import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** An event as the stub received it. */
export interface SentEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly [extension: string]: unknown;
}

/** A request as the stub received it. */
export interface Posted {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  /** The number of bytes sent. */
  readonly bytes: number;
  readonly events: readonly SentEvent[];
}

/** An answer to give. `undefined` leaves the request unanswered. */
export interface StubAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

type Behaviour = (posted: Posted) => StubAnswer | undefined;

/** An HTTP server that answers as a test says: for rare answers of a ledger, or those of a proxy in its place. */
export class StubLedger {
  readonly requests: Posted[] = [];
  private readonly server = createServer((request, response) => void this.serve(request, response));
  private port = 0;

  private constructor(private behaviour: Behaviour) {}

  static async start(behaviour: Behaviour = takeAll): Promise<StubLedger> {
    const stub = new StubLedger(behaviour);
    stub.server.listen(0, '127.0.0.1');
    await once(stub.server, 'listening');
    stub.port = (stub.server.address() as AddressInfo).port;
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Sets how the stub answers from now on. */
  answer(behaviour: Behaviour): void {
    this.behaviour = behaviour;
  }

  /** The ids of all events in all requests. */
  get sent(): string[] {
    return this.requests.flatMap((one) => one.events.map((event) => event.id));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const packed = request.headers['content-encoding'] === 'gzip';
    const text = (packed ? gunzipSync(body) : body).toString('utf8');
    const posted: Posted = {
      path: request.url ?? '',
      headers: request.headers,
      text,
      bytes: body.length,
      events: text.startsWith('[') ? (JSON.parse(text) as SentEvent[]) : [],
    };
    this.requests.push(posted);
    const answer = this.behaviour(posted);
    if (answer === undefined) return;
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {}));
  }
}

/** Answers that every event is recorded. */
export function takeAll({ events }: Posted): StubAnswer {
  return verdicts(events, () => ({ status: 'recorded' }));
}

/** One verdict for each event, in the form that the ledger uses. */
export function verdicts(
  events: readonly SentEvent[],
  of: (event: SentEvent) => Readonly<Record<string, unknown>>,
): StubAnswer {
  const results = events.map((event) => {
    const verdict = of(event);
    const position = verdict['status'] === 'rejected' ? null : '7';
    return { id: event.id, source: event.source, position, ...verdict };
  });
  const rejected = results.some((one) => (one as { status?: unknown }).status === 'rejected');
  return { status: rejected ? 207 : 200, body: { position: '7', results } };
}

export function problem(status: number, code: string, headers = {}): StubAnswer {
  const type = { 'content-type': 'application/problem+json' };
  return {
    status,
    body: { status, code, detail: `Because of ${code}.` },
    headers: { ...type, ...headers },
  };
}
