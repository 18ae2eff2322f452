import { FACT_TYPES, type FactKind } from '../../domain/events/facts';

const PROVIDERS = ['google', 'assemblyai', 'deepgram'];
const LANGUAGES = ['zh-TW', 'en-US', 'ja-JP'];
const USERS = 40;
const DAY_MS = 86_400_000;

/**
 * Returns a generator of pseudo-random numbers from a seed, the same everywhere: mulberry32 (Tommy Ettinger, public
 * domain).
 */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A CloudEvent as a worker would post it. */
export type WireEvent = Readonly<Record<string, unknown>>;

/**
 * Makes a month of traffic before `end` (milliseconds since 1970), in order of arrival. Sessions complete, fail and are
 * retried, are transcribed again, or stay open. Some events arrive twice, some long after they happened.
 */
export function makeTraffic(sessions: number, end: number, seed: number): WireEvent[] {
  const random = seededRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const arriving: { at: number; event: WireEvent }[] = [];
  for (let number = 0; number < sessions; number += 1) {
    const sessionId = `rec-${String(number).padStart(6, '0')}`;
    const user = `user-${1 + Math.floor(random() ** 2 * USERS)}`;
    const provider = pick(PROVIDERS);
    const begin = end - 31 * DAY_MS + Math.floor(random() * 30 * DAY_MS);
    let time = begin;
    let sequence = 0;
    const tell = (kind: FactKind, data: Record<string, unknown>, source = 'worker') => {
      const event: WireEvent = {
        specversion: '1.0',
        id: `${sessionId}-${(sequence += 1)}`,
        source: `demo/${source}-${1 + (number % 8)}`,
        type: FACT_TYPES[kind],
        time: new Date(time).toISOString(),
        subject: sessionId,
        data: { session_id: sessionId, user_id: user, ...data },
      };
      // Most events arrive within two seconds, some within ten minutes, a few within a day; one in fifty arrives twice.
      const delay =
        random() < 0.9 ? random() * 2_000 : random() * (random() < 0.9 ? 600_000 : DAY_MS);
      arriving.push({ at: time + delay, event });
      if (random() < 0.02) arriving.push({ at: time + delay + random() * 60_000, event });
    };
    let attempt = 1;
    const attempts = random() < 0.82 ? 1 : random() < 0.8 ? 2 : 3;
    for (; attempt <= attempts; attempt += 1) {
      const duration = Math.round(10 ** (1 + random() * 2.4) * 1000) / 1000;
      if (attempt > 1) {
        tell('retried', { attempt, requested_by: user, reason: 'asked for again' }, 'console');
        time += 1_000;
      }
      tell('started', {
        stt_provider: provider,
        attempt,
        language: pick(LANGUAGES),
        original_filename: `${sessionId}.wav`,
        file_size_bytes: Math.round(duration * 32_000),
      });
      time += Math.round(duration * 300) + 500;
      const fate = random();
      if (fate < 0.02) break;
      if (fate < (attempts > 1 && attempt === 1 ? 0.7 : 0.06)) {
        tell('failed', {
          stt_provider: provider,
          attempt,
          error_code: pick(['timeout', 'provider_5xx']),
        });
      } else {
        // Now and then the user stops waiting for a slow worker and retries. Both attempts finish, and the second is
        // free.
        if (attempt < attempts && random() < 0.3) {
          time -= 30_000;
          tell('retried', { attempt: attempt + 1, requested_by: user, reason: 'slow' }, 'console');
          time += 30_000;
        }
        tell('completed', {
          stt_provider: provider,
          attempt,
          duration_seconds: duration,
          speaker_count: 1 + Math.floor(random() * 4),
          confidence_score: Math.round((0.7 + random() * 0.3) * 1000) / 1000,
          word_count: Math.round(duration * 2.4),
          processing_time_seconds: Math.round(duration * 300) / 1000,
        });
      }
      time += 30_000 + Math.floor(random() * 600_000);
    }
  }
  return arriving
    .filter((one) => one.at < end)
    .sort((a, b) => a.at - b.at)
    .map((one) => one.event);
}
