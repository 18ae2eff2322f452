/**
 * Puts the service under full load for a while: `node bench/steady.mjs [seconds] [program]`. Two producers send batches
 * of 200 events, and two readers ask for summaries. Prints, for each tenth of the time, how many events were recorded
 * and the resident memory, and at the end whether every event is there exactly once. Exits with 1 if one is not, or if
 * memory grew.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SECONDS = Number(process.argv[2] ?? 600);
const PROGRAM = process.argv[3] ?? 'dist/main.js';
const PARTS = 10;
const USERS = 50;
/** The last three tenths may use at most this many times the memory of the four tenths before. */
const GROWTH = 1.15;

const dataDir = mkdtempSync(join(tmpdir(), 'minutebook-steady-'));
const child = spawn(process.execPath, [PROGRAM], {
  env: { ...process.env, DATA_DIR: dataDir, PORT: '0', HOST: '127.0.0.1' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const url = await new Promise((resolve) => {
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
    const found = /listens on (\S+)/.exec(said)?.[1];
    if (found !== undefined) resolve(found);
  });
});
const keys = JSON.parse(readFileSync(join(dataDir, 'initial-keys.json'), 'utf8'));
const as = (role) => ({ authorization: `Bearer ${keys[role]}` });

let number = 0;
const sent = new Array(USERS).fill(0);
function event() {
  const user = (number += 1) % USERS;
  sent[user] += 1;
  return {
    specversion: '1.0',
    id: `steady-${number}`,
    source: 'bench/steady',
    type: 'transcription.session.completed',
    time: '2026-10-05T10:00:00Z',
    data: {
      session_id: `session-${number}`,
      user_id: `user-${user}`,
      stt_provider: 'google',
      duration_seconds: 60,
    },
  };
}

const until = performance.now() + SECONDS * 1_000;
let recorded = 0;
let position = '0';
let refused = 0;

async function post(body) {
  for (;;) {
    const headers = { ...as('producer'), 'content-type': 'application/cloudevents-batch+json' };
    const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers, body });
    const { results, position: at } = await answer.json();
    if (answer.status === 200) {
      recorded += results.filter(({ status }) => status === 'recorded').length;
      if (BigInt(at) > BigInt(position)) position = at;
      return;
    }
    if (answer.status !== 503) throw new Error(`A batch was answered with ${answer.status}.`);
    refused += 1;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

async function produce() {
  while (performance.now() < until) {
    await post(JSON.stringify(Array.from({ length: 200 }, event)));
  }
}

async function read() {
  while (performance.now() < until) {
    const user = Math.floor(Math.random() * USERS);
    const path = `/v1/users/user-${user}/usage-summary?period=2026-10`;
    const answer = await fetch(url + path, { headers: as('reader') });
    if (answer.status !== 200) throw new Error(`A read was answered with ${answer.status}.`);
    await answer.arrayBuffer();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const resident = () =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1_024;
const tenths = [];
let before = 0;
const looking = setInterval(
  () => {
    const rate = Math.round((recorded - before) / (SECONDS / PARTS));
    before = recorded;
    tenths.push(resident());
    console.log(`${recorded} events, ${rate} a second, ${Math.round(tenths.at(-1))} MB`);
  },
  (SECONDS * 1_000) / PARTS,
);
await Promise.all([produce(), produce(), read(), read()]);
clearInterval(looking);

let wrong = 0;
for (const [user, count] of sent.entries()) {
  const path = `/v1/users/user-${user}/usage-summary?period=2026-10&at_least=${position}`;
  for (;;) {
    const answer = await fetch(url + path, { headers: as('reader') });
    const { code, transcriptions } = await answer.json();
    if (code === 'not_caught_up') continue;
    if (transcriptions !== count) wrong += 1;
    break;
  }
}
child.kill('SIGTERM');
await once(child, 'exit');
rmSync(dataDir, { recursive: true, force: true });
const most = (from, to) => Math.max(...tenths.slice(from, to));
const growth = most(7, PARTS) / most(3, 7);
console.log(
  `${number} sent, ${recorded} recorded, ${refused} answers of 503, ${wrong} users with a wrong sum; the last three tenths used at most ${growth.toFixed(2)} times the memory of the four before.`,
);
if (recorded !== number || wrong > 0 || growth > GROWTH) process.exitCode = 1;
