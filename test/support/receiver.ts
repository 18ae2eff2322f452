import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Webhook } from 'standardwebhooks';

/** A message as it arrived. */
export interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The message's id, by which receivers recognise a repetition. */
  readonly id: string;
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly source: string;
    readonly time: string;
    readonly data: Record<string, unknown>;
  };
}

type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

/** A receiver of webhooks: accepts every message, and answers as a test says. */
export class Receiver {
  readonly received: Received[] = [];
  behave: Behaviour = (_, response) => response.writeHead(204).end();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      request.on('error', () => undefined);
      response.on('error', () => undefined);
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        receiver.take(request, Buffer.concat(chunks).toString('utf8'));
        receiver.behave(request, response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  /** The messages of a type. */
  of(type: string): Received[] {
    return this.received.filter(({ event }) => event.type === type);
  }

  answer(status: number, headers: Readonly<Record<string, string>> = {}): void {
    this.behave = (_, response) => response.writeHead(status, headers).end();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take({ url, headers }: IncomingMessage, body: string): void {
    this.received.push({
      path: url ?? '',
      headers: headers as Record<string, string>,
      body,
      id: headers['webhook-id'] as string,
      event: JSON.parse(body) as Received['event'],
    });
  }
}

/**
 * Checks a message as receivers do, with the Standard Webhooks library.
 * @throws Error if the secret did not sign it.
 */
export function verified(secret: string, { body, headers }: Received): unknown {
  return new Webhook(secret).verify(body, headers);
}
