import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fastify from 'fastify';

import { sendProblem } from '../http/problem.filter';
import { setSafeHeaders } from '../http/safe-headers';
import { serveConsole } from './console';
import { Provider } from './provider';

describe('the console', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'minutebook-console-'));
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html>');
    writeFileSync(join(folder, 'assets/index-a1B2.js'), '1');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function served(from: string | undefined, provider?: Provider) {
    const app = fastify();
    setSafeHeaders(app, () => false, false);
    await serveConsole(app, from, (problem, _, reply) => sendProblem(reply, problem), provider);
    return (url: string, accept = '*/*') => app.inject({ url, headers: { accept } });
  }

  it('redirects browsers to its page, and nobody else', async () => {
    const get = await served(folder);
    for (const url of ['/', '/console']) {
      const answer = await get(url, 'text/html,*/*;q=0.8');
      expect([answer.statusCode, answer.headers.location]).toEqual([302, '/console/']);
    }
    expect((await get('/')).json()).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('is cached by browsers while it stays the same, and no longer', async () => {
    const get = await served(folder);
    expect((await get('/console/')).headers).toMatchObject({
      'cache-control': 'no-cache',
      'content-type': 'text/html; charset=utf-8',
    });
    expect((await get('/console/assets/index-a1B2.js')).headers['cache-control']).toBe(
      'public, max-age=31536000, immutable',
    );
    const missing = await get('/console/assets/index-gone.js');
    expect([missing.statusCode, missing.headers['cache-control']]).toEqual([404, undefined]);
  });

  it('may run only its own files, and reach only its own service', async () => {
    const get = await served(folder);
    const policy = String((await get('/console/')).headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/unsafe|data:|https?:|\*/);
  });

  /** A provider that answers, or does not. */
  const providerThat = (answers: boolean) =>
    new Provider(
      {
        clientId: 'console',
        issuer: 'https://a.test',
        scope: 'openid',
        parameters: { audience: 'm' },
        userClaim: 'sub',
      },
      () => undefined,
      () => {
        if (!answers) return Promise.reject(new Error('nothing there'));
        const endpoint = (name: string) => `https://a.test/${name}?tenant=1`;
        const [authorization_endpoint, token_endpoint] = ['login', 'token'].map(endpoint);
        const said = { issuer: 'https://a.test', authorization_endpoint, token_endpoint };
        return Promise.resolve(new Response(JSON.stringify(said)));
      },
    );

  it('may also reach the token endpoint that people sign in through, and nothing else of the provider', async () => {
    const get = await served(folder, providerThat(true));
    const policyOf = async (url: string) =>
      String((await get(url)).headers['content-security-policy']);
    expect(await policyOf('/console/')).toContain(
      "connect-src 'self' https://a.test/token;base-uri",
    );
    expect(await policyOf('/console/assets/index-a1B2.js')).not.toContain('a.test');
    const ways = await get('/console/sign-in.json');
    expect(ways.headers['cache-control']).toBe('no-store');
    expect(ways.json()).toEqual({
      oidc: {
        issuer: 'https://a.test',
        metadata: {
          issuer: 'https://a.test',
          authorization_endpoint: 'https://a.test/login?tenant=1',
          token_endpoint: 'https://a.test/token?tenant=1',
        },
        client_id: 'console',
        scope: 'openid',
        parameters: { audience: 'm' },
        user_claim: 'sub',
      },
    });
  });

  it('opens with keys while the provider does not answer, and says so', async () => {
    const get = await served(folder, providerThat(false));
    const page = await get('/console/');
    expect([page.statusCode, page.headers['content-security-policy']]).toEqual([
      200,
      expect.stringContaining("connect-src 'self';"),
    ]);
    expect((await get('/console/sign-in.json')).json()).toEqual({
      oidc: { issuer: 'https://a.test', unavailable: true },
    });
    const without = await served(folder);
    expect((await without('/console/sign-in.json')).json()).toEqual({ oidc: null });
  });

  it('serves nothing but the files of its build', async () => {
    writeFileSync(join(folder, '.hidden'), 'x');
    const get = await served(join(folder, 'assets', '..'));
    for (const url of [
      '/console/.hidden',
      '/console/assets',
      '/console/..%2f..%2fetc%2fpasswd',
      '/console/assets/../../x',
    ]) {
      expect((await get(url)).statusCode).toBe(404);
    }
  });

  it('says how to build it if it is not built', async () => {
    const get = await served(undefined);
    expect((await get('/console/')).json()).toMatchObject({
      status: 404,
      detail: 'The console is not built. Run npm run build, then start the service again.',
    });
  });
});
