import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { buildClient } from '../support/client-build';
import { runOf } from '../support/process';

const ROOT = join(__dirname, '../..');
const CLIENT = join(ROOT, 'clients/typescript');

/** Uses every typed part of the package, as an app in strict mode would. */
const APP = `
import { Producer, durationSeconds, isClientError, type KeptFact, type Trouble } from '@minutebook/client';
import { Entitlements, Reader, isLedgerError, valueOf, type Schema } from '@minutebook/client/reader';

export async function tell(): Promise<KeptFact> {
  const producer = new Producer({
    url: 'http://127.0.0.1:9', source: 'app', spool: 'spool',
    onTrouble: (trouble: Trouble) => console.warn(trouble.code),
  });
  // @ts-expect-error -- a completed fact needs its length
  await producer.completed({ session_id: 's', user_id: 'u', stt_provider: 'google' });
  // @ts-expect-error -- a retried fact names its attempt
  await producer.retried({ session_id: 's', user_id: 'u' });
  return producer.completed({
    session_id: 's', user_id: 'u', stt_provider: 'google',
    duration_seconds: { frames: 1, rate: 44_100 }, provider_metadata: { any: ['thing'] },
  });
}

export async function read(): Promise<number> {
  const reader = new Reader({ url: 'http://127.0.0.1:9' });
  const answer = await reader.usageSummary('ann', { period: '2026-10' });
  // @ts-expect-error -- look at ok first
  answer.value;
  // @ts-expect-error -- there is no such parameter
  await reader.usageSummary('ann', { perod: '2026-10' });
  // @ts-expect-error -- nor such a path
  await reader.get('/v1/nothing', {});
  if (!answer.ok) {
    if (answer.error.code === 'not_caught_up') return answer.error.retryAfterMs ?? 0;
    // @ts-expect-error -- nor such a code
    if (answer.error.code === 'not_a_code') return 1;
    throw answer.error;
  }
  const summary: Schema<'Summary'> = answer.value;
  for await (const log of reader.usageLogs('ann')) console.log(log.cost_cents.toFixed(0), log.billed_seconds.length);
  for await (const plan of reader.list('/v1/plans', {})) console.log(plan.plan);
  const { allowed } = await new Entitlements(reader, { whenUnknown: 'allow' }).check('ann', { minutes: '5' });
  const report = valueOf(await reader.get('/v1/reports/usage', { query: { period: '2026-10' } }));
  return allowed ? summary.cost_cents + report.totals.length : 0;
}

export function judge(error: unknown): string {
  if (isClientError(error, 'spool_full')) return error.code;
  if (isLedgerError(error, 'unreachable')) return error.code;
  return durationSeconds('1.5');
}
`;

const RUN = `
if (durationSeconds({ frames: 1, rate: 3 }) !== '0.333333333') throw new Error('durations');
if (read.Reader !== Reader || read.Producer !== undefined) throw new Error('reader');
if (typeof Producer !== 'function') throw new Error('producer');
console.log('used');
`;

describe('the package @minutebook/client', () => {
  let folder: string;
  const file = (path: string) => join(folder, path);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'minutebook-package-'));
    const made = file('made');
    mkdirSync(made);
    for (const name of ['package.json', 'README.md', 'LICENSE'])
      cpSync(join(CLIENT, name), join(made, name));
    cpSync(buildClient(), join(made, 'dist'), { recursive: true });
    execFileSync('npm', ['pack', '--offline', '--ignore-scripts', '--pack-destination', folder], {
      cwd: made,
      stdio: 'ignore',
    });
    const installed = file('node_modules/@minutebook/client');
    mkdirSync(installed, { recursive: true });
    execFileSync('tar', [
      '-xzf',
      file('minutebook-client-0.1.0.tgz'),
      '--strip-components=1',
      '-C',
      installed,
    ]);
    mkdirSync(file('node_modules/@types'));
    symlinkSync(join(ROOT, 'node_modules/@types/node'), file('node_modules/@types/node'));
    symlinkSync(join(ROOT, 'node_modules/undici-types'), file('node_modules/undici-types'));
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('contains what it needs and nothing else', () => {
    const listed = execFileSync('tar', ['-tzf', file('minutebook-client-0.1.0.tgz')], {
      encoding: 'utf8',
    });
    const odd = listed
      .trim()
      .split('\n')
      .filter(
        (path) =>
          !/^package\/(package\.json|README\.md|LICENSE|dist\/(esm|cjs)\/.*\.(js|d\.ts)|dist\/(esm|cjs)\/package\.json)$/.test(
            path,
          ),
      );
    expect(odd).toEqual([]);
    const { dependencies } = JSON.parse(readFileSync(join(CLIENT, 'package.json'), 'utf8')) as {
      dependencies?: object;
    };
    expect(dependencies).toBeUndefined();
  });

  it.each([
    [
      'an ES module',
      'run.mjs',
      `import { durationSeconds, Producer, Reader } from '@minutebook/client'; import * as read from '@minutebook/client/reader'; ${RUN}`,
    ],
    [
      'CommonJS',
      'run.cjs',
      `const { durationSeconds, Producer, Reader } = require('@minutebook/client'); const read = require('@minutebook/client/reader'); ${RUN}`,
    ],
  ])('is loaded by %s', async (_, name, text) => {
    writeFileSync(file(name), text);
    expect(await runOf([process.execPath, file(name)], {})).toEqual({
      status: 0,
      stdout: 'used\n',
      stderr: '',
    });
  });

  it.each([
    ['an ES module in Node', { module: 'node20' }, 'app.mts'],
    ['CommonJS in Node', { module: 'node20' }, 'app.cts'],
    ['a bundler', { module: 'ESNext', moduleResolution: 'bundler' }, 'app.ts'],
    [
      'a project with the older module settings',
      { module: 'CommonJS', moduleResolution: 'node10' },
      'old.ts',
    ],
  ])('has types for %s, in strict mode', async (_, options, name) => {
    writeFileSync(file(name), APP);
    const compilerOptions = {
      ...options,
      target: 'ES2022',
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      types: ['node'],
    };
    writeFileSync(file('tsconfig.json'), JSON.stringify({ compilerOptions, files: [name] }));
    const compiled = await runOf(
      [process.execPath, join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder],
      {},
    );
    expect(compiled.stdout).toBe('');
    expect(compiled.status).toBe(0);
  });

  it('has an entry point for apps that uses nothing of Node, so that it runs in a browser', () => {
    const seen = new Set<string>();
    const walk = (path: string) => {
      if (seen.has(path)) return;
      seen.add(path);
      const text = readFileSync(path, 'utf8');
      for (const [, name = ''] of text.matchAll(
        /(?:from|import|require)\s*\(?\s*['"]([^'"]+)['"]/g,
      )) {
        expect([path, name]).toEqual([path, expect.stringMatching(/^\.{1,2}\//)]);
        walk(join(dirname(path), name));
      }
      expect(text).not.toMatch(/\b(process|Buffer|__dirname|global|setImmediate)\b(?!['`])/);
    };
    walk(file('node_modules/@minutebook/client/dist/esm/reader/index.js'));
    expect(seen.size).toBeGreaterThan(5);
  });
});
