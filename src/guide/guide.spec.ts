import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fastify from 'fastify';

import { isOfApiDescription } from '../http/openapi/serve';
import { sendProblem } from '../http/problem.filter';
import { setSafeHeaders } from '../http/safe-headers';
import { serveGuide } from './guide';

describe('the guide', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'minutebook-guide-'));
    mkdirSync(join(folder, 'assets/chunks'), { recursive: true });
    mkdirSync(join(folder, 'how-to'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html>');
    writeFileSync(join(folder, 'how-to/size-it.html'), '<!doctype html>');
    writeFileSync(join(folder, 'assets/how-to_size-it.m.DDvf.lean.js'), '1');
    writeFileSync(join(folder, 'assets/chunks/@localSearchIndexroot.aF1C.js'), '1');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function served(from: string | undefined) {
    const app = fastify();
    setSafeHeaders(app, isOfApiDescription, false);
    await serveGuide(app, from, (problem, _, reply) => sendProblem(reply, problem));
    return (url: string) => app.inject({ url });
  }

  it('begins with its first page, with and without a slash', async () => {
    const get = await served(folder);
    const answer = await get('/docs/guide');
    expect([answer.statusCode, answer.headers.location]).toEqual([302, '/docs/guide/']);
    expect((await get('/docs/guide/')).headers['content-type']).toBe('text/html; charset=utf-8');
  });

  it('serves pages in folders, and files as its build names them', async () => {
    const get = await served(folder);
    const caching = async (url: string) => (await get(url)).headers['cache-control'];
    expect(await caching('/docs/guide/how-to/size-it.html')).toBe('no-cache');
    for (const name of [
      'how-to_size-it.m.DDvf.lean.js',
      'chunks/@localSearchIndexroot.aF1C.js',
      'chunks/%40localSearchIndexroot.aF1C.js',
    ]) {
      expect(await caching(`/docs/guide/assets/${name}`)).toContain('immutable');
    }
  });

  it.each(['', '/', '.html/', '.md'])(
    'redirects from a page with %p at its end to the page, with its query',
    async (end) => {
      const get = await served(folder);
      const locationOf = async (url: string) => {
        const { statusCode, headers } = await get(url);
        return [statusCode, headers.location];
      };
      const page = '/docs/guide/how-to/size-it.html';
      expect(await locationOf(`/docs/guide/how-to/size-it${end}`)).toEqual([302, page]);
      expect(await locationOf(`/docs/guide/how-to/size-it${end}?q=a%20b&x=?`)).toEqual([
        302,
        `${page}?q=a%20b&x=?`,
      ]);
    },
  );

  it('may run only its own files, although the page of the API above it may do more', async () => {
    const get = await served(folder);
    const policy = String((await get('/docs/guide/')).headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';style-src 'self';img-src 'self' data:");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });

  it('serves nothing but the files of its build', async () => {
    writeFileSync(join(folder, '.hidden'), 'x');
    const get = await served(join(folder, 'assets', '..'));
    for (const name of [
      '.hidden',
      'how-to',
      'how-to/',
      'gone',
      'gone/',
      'index/a',
      '//evil.example/',
      '..%2f..%2fetc%2fpasswd',
      'a/../../x.js',
      '..%2fsize-it',
      '.html',
      '/',
    ]) {
      expect([name, (await get(`/docs/guide/${name}`)).statusCode]).toEqual([name, 404]);
    }
    expect((await get('/docs/guide/gone.html')).json()).toMatchObject({
      detail: 'The guide has no such page. It begins at /docs/guide/.',
    });
  });

  it('says how to build it if it is not built', async () => {
    const get = await served(undefined);
    for (const url of ['/docs/guide/', '/docs/guide/how-to/size-it.html']) {
      expect((await get(url)).json()).toMatchObject({
        status: 404,
        detail: 'The guide is not built. Run npm run docs:build, then start the service again.',
      });
    }
  });
});
