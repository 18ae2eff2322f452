/**
 * A smoke run of the built service on the Node that runs this script: the demo; then a service that takes events,
 * answers, stops and starts again; then a check of its ledger. It is for versions of Node that the tests do not run on:
 *
 * npm ci && npm run build && node scripts/smoke-on-node.mjs [FOLDER]
 *
 * FOLDER holds `dist` and `node_modules`; by default it is this checkout. Exits with 0 only if every step succeeded.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';

const MOST_MS = 300_000;
const folder = resolve(process.argv[2] ?? join(fileURLToPath(import.meta.url), '../..'));
const work = mkdtempSync(join(tmpdir(), 'minutebook-smoke-'));
const environment = {
  ...process.env,
  DATA_DIR: join(work, 'ledger'),
  HOST: '127.0.0.1',
  PORT: '0',
};
const began = Date.now();

function said(what) {
  console.log(`${((Date.now() - began) / 1000).toFixed(1)} s  ${what}`);
}

function cli(...args) {
  return execFileSync(process.execPath, [join(folder, 'dist/cli.js'), ...args], {
    env: environment,
    cwd: work,
    encoding: 'utf8',
    timeout: MOST_MS,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Starts a service; `stop` ends it and checks its exit status. */
async function serve() {
  const service = spawn(process.execPath, [join(folder, 'dist/main.js')], {
    env: environment,
    cwd: work,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const timer = setTimeout(() => service.kill('SIGKILL'), MOST_MS);
  const url = await new Promise((found, failed) => {
    let output = '';
    service.stdout.on('data', (chunk) => {
      output += chunk;
      const at = /listens on (\S+)/.exec(output)?.[1];
      if (at !== undefined) found(at);
    });
    service.once('exit', () => failed(new Error(`The service did not start: ${output}`)));
  });
  const stop = async () => {
    service.kill('SIGTERM');
    const [status] = await once(service, 'exit');
    clearTimeout(timer);
    assert.equal(status, 0, 'the service stops with status 0');
  };
  return { url, stop };
}

async function ask(url, key, path, init = {}) {
  const headers = { authorization: `Bearer ${key}`, ...init.headers };
  const answer = await fetch(url + path, { ...init, headers });
  return { status: answer.status, body: await answer.json() };
}

const event = (number) => ({
  specversion: '1.0',
  id: `smoke-${number}`,
  source: 'smoke',
  type: 'transcription.session.completed',
  time: '2026-10-05T10:00:00Z',
  data: {
    session_id: `smoke-${number}`,
    user_id: 'ann',
    stt_provider: 'google',
    duration_seconds: '60.25',
  },
});

async function post(url, key) {
  const { status, body } = await ask(url, key, '/v1/events', {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents-batch+json' },
    body: JSON.stringify(Array.from({ length: 1_000 }, (_, index) => event(index))),
  });
  assert.equal(status, 200);
  return body;
}

async function summary(url, key, position) {
  const path = `/v1/users/ann/usage-summary?period=2026-10&at_least=${position}`;
  const { status, body } = await ask(url, key, path);
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

try {
  console.log(`Node ${process.version}, modules ${process.versions.modules}, ${folder}`);
  cli('demo');
  said('the demo ran');
  const first = await serve();
  const keys = JSON.parse(readFileSync(join(environment.DATA_DIR, 'initial-keys.json'), 'utf8'));
  const sent = await post(first.url, keys.producer);
  assert.ok(sent.results.every(({ status }) => status === 'recorded'));
  const before = await summary(first.url, keys.reader, sent.position);
  assert.equal(before.transcriptions, 1_000);
  assert.equal(before.total_seconds, '60250');
  await first.stop();
  said('a service recorded 1,000 events, summarised them and stopped');
  const second = await serve();
  const again = await post(second.url, keys.producer);
  assert.ok(again.results.every(({ status }) => status === 'duplicate'));
  assert.deepEqual(await summary(second.url, keys.reader, sent.position), before);
  await second.stop();
  said('a second one called them duplicates, and gave the same summary');
  cli('verify');
  cli('replay');
  said('verify and replay found nothing wrong');
} finally {
  rmSync(work, { recursive: true, force: true });
}
