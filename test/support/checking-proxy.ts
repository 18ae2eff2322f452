import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { ApiCheck, type ApiDocument } from './api-check';

/**
 * Stands between a client and a service. Checks every exchange against the OpenAPI document, and changes nothing.
 */
export class CheckingProxy {
  private constructor(
    readonly url: string,
    readonly check: ApiCheck,
    readonly document: ApiDocument,
    private readonly server: Server,
  ) {}

  static async before(service: string): Promise<CheckingProxy> {
    const document = (await (await fetch(`${service}/openapi.json`)).json()) as ApiDocument;
    const check = new ApiCheck(document);
    const server = createServer((asked, reply) => {
      forward(service, asked, check).then(
        ({ status, headers, body }) => {
          reply.writeHead(status, headers);
          reply.end(body);
        },
        (error: unknown) => {
          check.mistakes.push(`${asked.method} ${asked.url}: ${String(error)}`);
          reply.destroy();
        },
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return new CheckingProxy(`http://127.0.0.1:${port}`, check, document, server);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

async function forward(service: string, asked: IncomingMessage, check: ApiCheck) {
  const { method = 'GET', url = '/' } = asked;
  const sent = await buffer(asked);
  const onwards = request(service + url, { method, headers: asked.headers });
  onwards.end(sent);
  const [answer] = (await once(onwards, 'response')) as [IncomingMessage];
  const body = await buffer(answer);
  const status = answer.statusCode!;
  const { headers } = answer;
  const more = { status, answerHeaders: headers, answer: body };
  check.check({ method, url, headers: asked.headers, body: sent, ...more });
  return { status, headers, body };
}
