import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fastify from 'fastify';

import { sendProblem } from '../http/problem.filter';
import { setSafeHeaders } from '../http/safe-headers';
import { serveConsole } from './console';

describe('the console', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'minutebook-console-'));
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html>');
    writeFileSync(join(folder, 'assets/index-a1B2.js'), '1');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function served(from: string | undefined) {
    const app = fastify();
    await setSafeHeaders(app, () => false, false);
    await serveConsole(app, from, (problem, _, reply) => sendProblem(reply, problem));
    return (url: string, accept = '*/*') => app.inject({ url, headers: { accept } });
  }

  it('leads browsers to its page, and nobody else', async () => {
    const get = await served(folder);
    for (const url of ['/', '/console']) {
      const answer = await get(url, 'text/html,*/*;q=0.8');
      expect([answer.statusCode, answer.headers.location]).toEqual([302, '/console/']);
    }
    expect((await get('/')).json()).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('is kept by browsers as long as it stays the same, and no longer', async () => {
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

  it('may run its own files alone, and speak to its own service alone', async () => {
    const get = await served(folder);
    const policy = String((await get('/console/')).headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/unsafe|data:|https?:|\*/);
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
