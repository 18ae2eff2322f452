/**
 * Loads one address from many connections at once with autocannon, in a process of its own. {@link cannon} starts it;
 * run as a program, it takes its order as JSON.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import autocannon from 'autocannon';

import { completed } from './events.mjs';

const CONNECTIONS = 64;

/** A different request each time: an event not sent before, or the next of `paths`. */
function requestsOf({ method, headers, paths, name }) {
  let number = 0;
  return [
    {
      method,
      headers,
      setupRequest: (request) => {
        number += 1;
        if (paths) return { ...request, path: paths[number % paths.length] };
        const session = `${name}-${number}`;
        const event = completed(session, `user-${number % 5_000}`, Date.now() - 3_600_000);
        return { ...request, path: '/v1/events', body: JSON.stringify(event) };
      },
    },
  ];
}

async function fire({ url, seconds, ...rest }) {
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    requests: requestsOf(rest),
  });
  const failed = result.non2xx + result.errors + result.timeouts;
  if (failed > 0) throw new Error(`${failed} of ${result.requests.total} requests failed.`);
  return {
    per_second: result.requests.total / result.duration,
    p50_ms: result.latency.p50,
    p99_ms: result.latency.p99,
  };
}

const here = fileURLToPath(import.meta.url);

/** @returns requests per second, and latencies in milliseconds. */
export async function cannon(order) {
  const child = spawn(process.execPath, [here, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (part) => (text += part));
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error('The load could not be sent.');
  return JSON.parse(text);
}

if (process.argv[1] === here) console.log(JSON.stringify(await fire(JSON.parse(process.argv[2]))));
