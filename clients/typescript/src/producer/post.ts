import {
  request as plainRequest,
  Agent,
  type ClientRequest,
  type IncomingMessage,
} from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';

/** An answer as received. */
export interface RawAnswer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly text: string;
}

/** A request that was not answered within its time. */
export class LateError extends Error {}

const MAX_ANSWER_BYTES = 32 * 1024 * 1024;
const KEEP_MS = 4_000;

/**
 * Posts to one address over connections that are kept alive briefly. It does not use `fetch`, whose pending answers
 * would keep the process from ending.
 */
export class Post {
  private readonly secure: boolean;
  private readonly agent: Agent;
  private readonly underWay = new Set<ClientRequest>();
  private ended = false;

  constructor(private readonly url: string) {
    this.secure = url.startsWith('https:');
    const kept = { keepAlive: true, timeout: KEEP_MS };
    this.agent = this.secure ? new SecureAgent(kept) : new Agent(kept);
  }

  /**
   * @param holds whether the process stays alive for the answer.
   * @throws LateError; system errors.
   */
  async send(
    body: Uint8Array,
    headers: Readonly<Record<string, string>>,
    timeoutMs: number,
    holds: boolean,
  ): Promise<RawAnswer> {
    const until = performance.now() + timeoutMs;
    for (;;) {
      if (this.ended) throw aborted();
      try {
        return await this.once(body, headers, Math.max(1, until - performance.now()), holds);
      } catch (error) {
        // The server closed a kept connection just as it was reused, without reading anything: try another.
        if (!(error instanceof StaleConnection)) throw error;
      }
    }
  }

  /** Aborts requests under way and all later ones, and closes the connections. */
  abort(): void {
    this.ended = true;
    for (const request of this.underWay) request.destroy(aborted());
    this.agent.destroy();
  }

  private once(
    body: Uint8Array,
    headers: Readonly<Record<string, string>>,
    timeoutMs: number,
    holds: boolean,
  ): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      const start = this.secure ? secureRequest : plainRequest;
      const length = { 'content-length': String(body.length) };
      const options = { method: 'POST', agent: this.agent, headers: { ...headers, ...length } };
      const request = start(this.url, options);
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        request.destroy();
      }, timeoutMs);
      if (!holds) timer.unref();
      this.underWay.add(request);
      const end = () => {
        clearTimeout(timer);
        this.underWay.delete(request);
      };
      const fail = (error: Error) => reject(late ? new LateError() : error);
      request.on('socket', (socket) => (holds ? socket.ref() : socket.unref()));
      request.on('response', (response) => {
        readAnswer(response).finally(end).then(resolve, fail);
      });
      request.on('error', (error: NodeJS.ErrnoException) => {
        end();
        const stale = request.reusedSocket && error.code === 'ECONNRESET';
        fail(stale ? new StaleConnection() : error);
      });
      request.end(body);
    });
  }
}

class StaleConnection extends Error {}

const aborted = () => new Error('The request was aborted.');

async function readAnswer(response: IncomingMessage): Promise<RawAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES)
      throw new Error('The answer is longer than any answer of the ledger.');
    chunks.push(chunk);
  }
  return {
    status: response.statusCode ?? 0,
    retryAfter: response.headers['retry-after'] ?? null,
    text: Buffer.concat(chunks).toString('utf8'),
  };
}
