import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { freePort } from './free-port';

/** What the provider knows of somebody. */
interface Account {
  readonly roles: readonly string[];
  /** How long its access tokens live, in seconds; 600 if left out. */
  readonly seconds?: number;
}

/** An OpenID provider at an address of this machine. */
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
    // What it says of its standard settings is for those who run it for others.
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

  /** What makes a service take its tokens, and its console sign in through it. */
  get environment(): Record<string, string> {
    return {
      JWKS_URL: `${this.issuer}/jwks`,
      JWT_ISSUER: this.issuer,
      JWT_AUDIENCE: OidcProvider.AUDIENCE,
      CONSOLE_OIDC_CLIENT_ID: 'console',
      // Its access tokens are JSON Web Tokens if they are for a named resource.
      CONSOLE_OIDC_PARAMETERS: 'resource=https%3A%2F%2Fminutebook.test',
    };
  }

  async stop(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.kill();
    await gone;
  }
}
