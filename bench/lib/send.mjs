/** Sends and reads: the same code for the service and for its peers. */
import { setTimeout as sleep } from 'node:timers/promises';

export async function sideBySide(items, atATime, work) {
  let next = 0;
  const run = async () => {
    while (next < items.length) await work(items[next++]);
  };
  await Promise.all(Array.from({ length: Math.min(atATime, items.length) }, run));
}

const as = (key) => (key === undefined ? {} : { authorization: `Bearer ${key}` });

/** @returns the position of the last event. */
export async function post({ url, keys }, body) {
  const answer = await fetch(`${url}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents-batch+json', ...as(keys?.producer) },
    body,
  });
  const { position, results } = await answer.json();
  const wrong = results?.find((result) => result.status !== 'recorded');
  if (answer.status !== 200 || wrong) throw new Error(`${answer.status} ${JSON.stringify(wrong)}`);
  return Number(position);
}

/** Reads a path. As long as the projection has not caught up, it repeats the request. */
export async function get({ url, keys }, path, role = 'reader') {
  for (;;) {
    const answer = await fetch(url + path, { headers: as(keys?.[role]) });
    const body = await answer.json();
    if (answer.status === 200) return body;
    if (body.code !== 'not_caught_up') throw new Error(`${path}: ${answer.status} ${body.code}`);
  }
}

export const summaryPath = (user, more) => `/v1/users/${user}/usage-summary?${more}`;

/** Reads a path again and again while `work` runs; returns the longest read, in ms. */
export async function longestWait(service, path, work) {
  let goesOn = true;
  let longest = 0;
  const ask = async () => {
    while (goesOn) {
      const began = performance.now();
      await get(service, path);
      longest = Math.max(longest, performance.now() - began);
      await sleep(2);
    }
  };
  const asking = ask();
  try {
    await work();
  } finally {
    goesOn = false;
    await asking;
  }
  return longest;
}

/**
 * Sends batches until all are acknowledged, and until a summary includes them.
 * @returns events per second, up to each of the two moments.
 */
export async function sendAll(service, batches, producers = 2) {
  const bodies = batches.map((batch) => JSON.stringify(batch));
  const events = batches.reduce((sum, batch) => sum + batch.length, 0);
  const began = performance.now();
  let last = 0;
  await sideBySide(bodies, producers, async (body) => {
    last = Math.max(last, await post(service, body));
  });
  const acknowledged = performance.now();
  if (service.keys) await get(service, summaryPath('user-1', `at_least=${last}`));
  const rate = (until) => events / ((until - began) / 1_000);
  return { acknowledged: rate(acknowledged), upToDate: rate(performance.now()), last };
}
