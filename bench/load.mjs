/** What benchmarks share: the events that are sent, the service, who sends, and how figures are summed up and shown. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
/** Of the service's process: such as --cpu-prof. */
const NODE_FLAGS = process.env.BENCH_NODE_FLAGS?.split(' ') ?? [];
export const BATCH = 1_000;
/** Between one event's time and the next one's. */
const STEP_MS = 5;
let time = Date.now() - 6 * 3_600_000;

/**
 * Batches of 1,000 CloudEvents; `each` facts a session: started, retried (from 3 on) and completed. Each happened a
 * little after the one before it, as in life: many at one instant would be rated in another order than they came in.
 */
export function makeBatches(name, count, each) {
  return Array.from({ length: count }, (_, batch) =>
    Array.from({ length: BATCH }, (_, index) => {
      const session = `${name}-${batch}-${Math.floor(index / each)}`;
      const kind =
        index % each === each - 1 ? 'completed' : index % each === 0 ? 'started' : 'retried';
      return {
        specversion: '1.0',
        id: `${session}-${index % each}`,
        source: 'bench/worker-1',
        type: `transcription.session.${kind}`,
        time: new Date((time += STEP_MS)).toISOString(),
        data: {
          session_id: session,
          user_id: `user-${Math.floor(index / each) % 500}`,
          stt_provider: 'google',
          ...(kind === 'completed'
            ? { duration_seconds: 61.5, word_count: 180, confidence_score: 0.93, channels: 1 }
            : {}),
          ...(kind === 'retried' ? { attempt: 2, requested_by: 'user' } : {}),
          ...(kind === 'completed' && each > 2 ? { attempt: 2 } : {}),
          ...(kind === 'retried' ? {} : { language: 'en-US' }),
          provider_metadata: {
            model: 'latest_long',
            region: 'europe-west4',
            request: randomUUID(),
          },
        },
      };
    }),
  );
}

export async function sideBySide(items, atATime, work) {
  let next = 0;
  const run = async () => {
    while (next < items.length) await work(items[next++]);
  };
  await Promise.all(Array.from({ length: Math.min(atATime, items.length) }, run));
}

/** A service with an empty data folder, its keys, and what else of its environment is given. */
export async function startService(env = {}) {
  const dataDir = env.DATA_DIR ?? mkdtempSync(join(tmpdir(), 'minutebook-bench-'));
  const child = spawn(process.execPath, [...NODE_FLAGS, join(root, 'dist/main.js')], {
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: '0',
      ...env,
      DATA_DIR: dataDir,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise((resolve, reject) => {
    child.stdout.on('data', (text) => {
      const found = /listens on (\S+)/.exec(String(text));
      if (found) resolve(found[1]);
    });
    child.once('exit', () => reject(new Error('The service did not start.')));
  });
  const stop = async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
    rmSync(dataDir, { recursive: true, force: true });
  };
  // Made at the first start, one a role.
  const keys = JSON.parse(readFileSync(join(dataDir, 'initial-keys.json'), 'utf8'));
  return { url, keys, pid: child.pid, stop };
}

/** Sends batches, until all is acknowledged and a summary has it; events a second by then. */
export async function sendAll({ url, keys }, all, producers) {
  const bodies = all.map((batch) => JSON.stringify(batch));
  const began = performance.now();
  let last = 0;
  await sideBySide(bodies, producers, async (body) => {
    const answer = await fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: {
        'content-type': 'application/cloudevents-batch+json',
        authorization: `Bearer ${keys.producer}`,
      },
      body,
    });
    const { position, results } = await answer.json();
    const wrong = results?.find((result) => result.status !== 'recorded');
    if (answer.status !== 200 || wrong)
      throw new Error(`${answer.status} ${JSON.stringify(wrong)}`);
    last = Math.max(last, Number(position));
  });
  const acknowledged = performance.now();
  for (;;) {
    const answer = await fetch(`${url}/v1/users/user-1/usage-summary?at_least=${last}`, {
      headers: { authorization: `Bearer ${keys.reader}` },
    });
    await answer.arrayBuffer();
    if (answer.status === 200) break;
    if (answer.status !== 503) throw new Error(`${answer.status}`);
  }
  const rate = (until) => (all.length * BATCH) / ((until - began) / 1_000);
  return { acknowledged: rate(acknowledged), upToDate: rate(performance.now()) };
}

export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1], min: sorted[0], max: sorted.at(-1) };
}

/** Prints a row: rates, and the share of others of the same round. */
export function say(label, figures, besides = {}) {
  const show = ({ median, min, max }, digits) =>
    `${median.toFixed(digits)} (${min.toFixed(digits)} to ${max.toFixed(digits)})`;
  const shares = {};
  let text = '';
  for (const [name, others] of Object.entries(besides)) {
    shares[name] = spread(figures.map((figure, round) => figure / others[round]));
    text += `, ${show(shares[name], 2)} of ${name}`;
  }
  const rate = spread(figures);
  console.log(`  ${label.padEnd(36)} ${show(rate, 0)}${text}`);
  return { per_second: rate, share_of: shares };
}
