import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { freePort } from './free-port';

/** What the provider knows about a person. */
interface Account {
  readonly roles: readonly string[];
  /** The lifetime of access tokens in seconds; 600 by default. */
  readonly seconds?: number;
}

/** An OpenID provider that listens on this machine. */
export class OidcProvider {
  static readonly AUDIENCE = 'minutebook';

  private constructor(
    readonly issuer: string,
    private readonly child: ChildProcess,
  ) {}

  /** @param home the address of the console, to which it sends people back. */
  static async start(
    home: string,
    accounts: Readonly<Record<string, Account>>,
  ): Promise<OidcProvider> {
    const port = await freePort();
    const order = { port, console: home, audience: OidcProvider.AUDIENCE, accounts };
    const file = join(__dirname, 'oidc-serve.mjs');
    // Its output is only advice for people who run a real provider.
    const child = spawn(process.execPath, [file, JSON.stringify(order)], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(child, 'exit').then(() => {
      throw new Error('The provider ended before it listened.');
    });
    await Promise.race([once(child.stdout, 'data'), ended]);
    ended.catch(() => undefined);
    return new OidcProvider(`http://127.0.0.1:${port}`, child);
  }

  /** Makes a service accept its tokens, and the console sign in through it. */
  get environment(): Record<string, string> {
    return {
      JWKS_URL: `${this.issuer}/jwks`,
      JWT_ISSUER: this.issuer,
      JWT_AUDIENCE: OidcProvider.AUDIENCE,
      CONSOLE_OIDC_CLIENT_ID: 'console',
      // Access tokens are JSON Web Tokens only if they are for a named resource.
      CONSOLE_OIDC_PARAMETERS: 'resource=https%3A%2F%2Fminutebook.test',
    };
  }

  async stop(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.kill();
    await gone;
  }
}
