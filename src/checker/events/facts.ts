import type { LedgerEntry } from '../derivation/ledger';
import type { Members } from '../json';
import { DoesNotFollow } from '../problem';
import { checkStream } from './streams';

const PREFIX = 'transcription.session.';
const KINDS = ['started', 'completed', 'failed', 'retried'];

export const isFactType = (type: string): boolean =>
  type.startsWith(PREFIX) && KINDS.includes(type.slice(PREFIX.length));

/** An id, as docs/reference/events.md describes them. */
export const ID = /^[A-Za-z0-9._:@-]{1,128}$/;
const PROVIDER = /^[a-z0-9._-]{1,64}$/;
const MOST_ATTEMPTS = 1_000;

/**
 * Reads a fact of a session, with the fields that bills, or the lines of a bundle, depend on. Personal fields
 * (`personal`, which may be sealed) are hashed like the rest, but not read.
 */
export function readFact(
  stream: string,
  type: string,
  recorded_at: number,
  event: Members,
  data: Members,
): LedgerEntry {
  const session_id = data.matching('session_id', ID, 'an id');
  checkStream(stream, `session-${session_id}`);
  const kind = type.slice(PREFIX.length);
  const known: Record<string, unknown> = {
    session_id,
    user_id: data.matching('user_id', ID, 'an id'),
    attempt: upTo(data, 'attempt', MOST_ATTEMPTS),
  };
  for (const name of ['client_id', 'language']) {
    if (data.has(name)) known[name] = data.text(name);
  }
  if (kind !== 'retried' || data.has('stt_provider')) {
    known['stt_provider'] = data.matching('stt_provider', PROVIDER, 'a provider');
  }
  if (kind === 'completed') {
    known['duration_seconds'] = data.decimal('duration_seconds');
    known['channels'] = upTo(data, 'channels', MOST_ATTEMPTS);
    if (data.has('speaker_count')) known['speaker_count'] = data.whole('speaker_count', 0);
    if (data.has('confidence_score')) known['confidence_score'] = data.share('confidence_score');
  }
  const [id, source, time] = [event.text('id'), event.text('source'), event.instant('time')];
  return {
    type: 'fact',
    recorded_at,
    event: { specversion: '1.0', id, source, type, time, data: known },
  };
}

function upTo(data: Members, name: string, most: number): number {
  const value = data.whole(name, 1);
  if (value > most) throw new DoesNotFollow(`"${name}" of a fact is more than ${most}.`);
  return value;
}
