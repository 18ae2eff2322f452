import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';

type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

/** What a test changes in a token. */
export interface TokenOrder {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly issuer?: string;
  readonly audience?: string;
  /** Seconds from now. */
  readonly expires?: number;
  readonly notBefore?: number;
  readonly keyId?: string;
}

/** An issuer of tokens that publishes its keys on this machine. */
export class Issuer {
  static readonly NAME = 'https://issuer.test';
  static readonly AUDIENCE = 'minutebook';

  private readonly pairs = new Map<string, { readonly signs: PrivateKey; readonly shown: JWK }>();
  private server: Server | undefined;
  private port = 0;
  /** How often the keys were requested. */
  asked = 0;
  /** The body to answer instead of the keys. */
  body: string | undefined;

  get url(): string {
    return `http://127.0.0.1:${this.port}/jwks.json`;
  }

  /** Makes a service trust its tokens. */
  get environment(): Record<string, string> {
    return { JWKS_URL: this.url, JWT_ISSUER: Issuer.NAME, JWT_AUDIENCE: Issuer.AUDIENCE };
  }

  static async start(): Promise<Issuer> {
    const issuer = new Issuer();
    await issuer.addKey('first');
    await issuer.listen();
    return issuer;
  }

  async addKey(id: string, algorithm = 'ES256'): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
    const shown = { ...(await exportJWK(publicKey)), kid: id, alg: algorithm, use: 'sig' };
    this.pairs.set(id, { signs: privateKey, shown });
  }

  /** Forgets a key: it is no longer published, and signs nothing. */
  removeKey(id: string): void {
    this.pairs.delete(id);
  }

  async listen(): Promise<void> {
    this.server = createServer((_, reply) => {
      this.asked += 1;
      const keys = [...this.pairs.values()].map(({ shown }) => shown);
      reply.setHeader('content-type', 'application/json');
      reply.end(this.body ?? JSON.stringify({ keys }));
    });
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const server = this.server;
    if (server === undefined) return;
    this.server = undefined;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  /** A token that names its holder. */
  async token(user: string, roles: unknown, order: TokenOrder = {}): Promise<string> {
    const { keyId = 'first', expires = 600, notBefore } = order;
    const pair = this.pairs.get(keyId);
    if (pair === undefined) throw new Error(`There is no key ${keyId}.`);
    const now = Math.floor(Date.now() / 1000);
    const token = new SignJWT({ roles, ...order.claims })
      .setProtectedHeader({ alg: pair.shown.alg ?? 'ES256', kid: keyId })
      .setSubject(user)
      .setIssuer(order.issuer ?? Issuer.NAME)
      .setAudience(order.audience ?? Issuer.AUDIENCE)
      .setExpirationTime(now + expires);
    if (notBefore !== undefined) token.setNotBefore(now + notBefore);
    return token.sign(pair.signs);
  }
}
