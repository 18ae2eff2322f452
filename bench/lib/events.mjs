/** The events that the bench sends: session events of about 630 bytes, like those of a worker. */
import { randomUUID } from 'node:crypto';

/** Pseudo-random numbers from a seed, the same everywhere: mulberry32 (Tommy Ettinger, public domain). */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Brings an event to about 630 bytes. */
const REGIONS = 'asia-east1 europe-west4 us-central1 '.repeat(3);

function eventOf(kind, session, user, time, data) {
  return {
    specversion: '1.0',
    id: `${session}-${kind}`,
    source: 'bench/worker-1',
    type: `transcription.session.${kind}`,
    time: new Date(time).toISOString(),
    data: {
      session_id: session,
      user_id: user,
      stt_provider: 'google',
      language: 'zh-TW',
      ...data,
      provider_metadata: { model: 'latest_long', request: randomUUID(), regions: REGIONS },
    },
  };
}

export const started = (session, user, time, data) => eventOf('started', session, user, time, data);

export const completed = (session, user, time, data) =>
  eventOf('completed', session, user, time, {
    duration_seconds: 61.5,
    word_count: 180,
    confidence_score: 0.93,
    channels: 1,
    ...data,
  });

const MONTH_MS = 28 * 86_400_000;

/**
 * Sessions of two facts, with users and times in random order: what a fleet of workers sends while it catches up.
 * @returns batches of `batch` events; both facts of a session are in the same batch.
 */
export function disorderlyBatches(name, count, { batch = 1_000, users = 5_000, seed = 1 } = {}) {
  const random = randomFrom(seed);
  const from = Date.now() - MONTH_MS - 86_400_000;
  return Array.from({ length: count }, (_, number) =>
    Array.from({ length: batch / 2 }, (__, index) => {
      const session = `${name}-${number}-${index}`;
      const user = `user-${Math.floor(random() * users)}`;
      const time = from + Math.floor(random() * MONTH_MS);
      return [started(session, user, time), completed(session, user, time + 60_000)];
    }).flat(),
  );
}

/**
 * Usage logs of a few users in one month, one fact each.
 * @param order `time`, or `random`.
 */
export function monthOf({ users, logs, order, month, name, seed = 7 }) {
  const from = Date.parse(`${month}-01T12:00:00Z`);
  const all = [];
  for (let number = 0; number < logs; number += 1) {
    for (let user = 0; user < users; user += 1) {
      const time = from + Math.floor((number * (27 * 86_400_000)) / logs);
      all.push(completed(`${name}-${user}-${number}`, `${name}-user-${user}`, time));
    }
  }
  if (order === 'random') {
    const random = randomFrom(seed);
    for (let at = all.length - 1; at > 0; at -= 1) {
      const other = Math.floor(random() * (at + 1));
      [all[at], all[other]] = [all[other], all[at]];
    }
  }
  return all;
}

export function batchesOf(events, size) {
  const batches = [];
  for (let from = 0; from < events.length; from += size) {
    batches.push(events.slice(from, from + size));
  }
  return batches;
}
