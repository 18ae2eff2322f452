import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * What a proxy does with traffic: `pass` forwards it; `hold` forwards nothing; `swallow` forwards requests and drops
 * the answers; `keep` forwards requests and holds the answers back until it passes again.
 */
type Mode = 'pass' | 'hold' | 'swallow' | 'keep';

/** Stands between a client and a real server, and fails on demand. */
export class TcpProxy {
  private mode: Mode = 'pass';
  private readonly pairs = new Set<{ client: Socket; server: Socket; kept: Buffer[] }>();
  private server: Server | undefined;
  private port = 0;

  private constructor(private readonly real: URL) {}

  /** @param url of the server, such as `esdb://host:port` or `postgres://user@host:port/database`. */
  static async start(url: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(new URL(url));
    await proxy.listen();
    return proxy;
  }

  /** The server's address, through the proxy. */
  get url(): string {
    const url = new URL(this.real);
    url.hostname = '127.0.0.1';
    url.port = String(this.port);
    return url.href;
  }

  set(mode: Mode): void {
    this.mode = mode;
    if (mode !== 'pass') return;
    for (const { client, kept } of this.pairs)
      for (const data of kept.splice(0)) client.write(data);
  }

  /** Resets every connection. */
  cut(): void {
    for (const { client, server } of this.pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
    this.pairs.clear();
  }

  /** Resets every connection and accepts no new one, like a server that is down. */
  async down(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    const closed = server && once(server, 'close');
    server?.close();
    this.cut();
    await closed;
  }

  /** Listens again, at the same address. */
  async up(): Promise<void> {
    this.mode = 'pass';
    if (this.server === undefined) await this.listen();
  }

  private async listen(): Promise<void> {
    this.server = createServer((client) => this.connect(client));
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  private connect(client: Socket): void {
    const { hostname: host, port } = this.real;
    const server = connect({ host, port: Number(port) });
    const pair = { client, server, kept: [] as Buffer[] };
    this.pairs.add(pair);
    client.on('data', (data) => this.mode !== 'hold' && server.write(data));
    server.on('data', (data) => {
      if (this.mode === 'pass') client.write(data);
      if (this.mode === 'keep') pair.kept.push(data);
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => {
        other.destroy();
        this.pairs.delete(pair);
      });
    }
  }
}
