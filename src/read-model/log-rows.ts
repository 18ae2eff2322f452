import type { RatedFacts } from '../domain/billing/item';
import type { LogPlace } from '../domain/billing/place';
import type { LogFacts } from '../domain/billing/usage-log';
import { printInstant } from '../domain/time';
import type { RatedLogRow, UsageLogRow } from './rows';

/** What only describes a log, and its parent: kept as one text, without those that are null. */
const DESCRIBING = [
  'client_id',
  'parent_log_id',
  'started_at',
  'processing_time_seconds',
  'language',
  'enable_diarization',
  'original_filename',
  'file_size_bytes',
  'word_count',
  'character_count',
  'provider_metadata',
  'filename_in',
  'metadata_in',
  'erased',
] as const satisfies readonly (keyof LogFacts)[];

/** In the place of a sealed text: it is that of the metadata. */
const SAME = 'metadata_in';

export type LogDescription = Pick<LogFacts, (typeof DESCRIBING)[number]>;

/** The row of a log. */
export function logRow(log: LogFacts, place: LogPlace): UsageLogRow {
  return {
    id: log.id,
    session_id: log.session_id,
    attempt: log.attempt,
    user_id: log.user_id,
    billing_period: log.billing_period,
    late_position: place.late_position,
    completed_at: place.completed_at,
    currency: log.currency,
    usage_period: log.usage_period,
    stt_provider: log.stt_provider,
    transcription_type: log.transcription_type,
    billable: log.billable ? 1 : 0,
    billing_reason: log.billing_reason,
    duration_seconds: log.duration_seconds,
    billed_seconds: log.billed_seconds,
    channels: log.channels,
    speaker_count: log.speaker_count,
    confidence_score: log.confidence_score,
    plan: log.plan,
    rate_card_id: log.rate_card_id,
    position: Number(log.position),
    described: writeDescription(log),
  };
}

export function writeDescription(log: LogDescription): string {
  const described: Record<string, unknown> = {};
  for (const name of DESCRIBING) if (log[name] !== null) described[name] = log[name];
  if (!log.erased) delete described['erased'];
  // Mostly one fact told both: its text, which may be long, stands there once.
  const { filename_in: filename, metadata_in: metadata } = log;
  if (filename !== null && filename.sealed === metadata?.sealed) described['filename_in'] = SAME;
  return JSON.stringify(described);
}

export function readDescription(text: string): LogDescription {
  const described = JSON.parse(text) as Record<string, unknown>;
  if (described['filename_in'] === SAME) described['filename_in'] = described['metadata_in'];
  described['erased'] ??= false;
  return Object.fromEntries(
    DESCRIBING.map((name) => [name, described[name] ?? null]),
  ) as unknown as LogDescription;
}

/** What a log is, out of its row. */
export function logFacts(row: UsageLogRow): LogFacts {
  const { described, billable, late_position, completed_at, position, ...rest } = row;
  return {
    ...rest,
    ...readDescription(described),
    retry_count: row.attempt - 1,
    billable: billable === 1,
    late: Number(late_position) > 0,
    completed_at: printInstant(Number(completed_at)),
    position: String(position),
  };
}

/** What rating goes by, out of a row. */
export function ratedFacts(row: RatedLogRow): RatedFacts {
  return { ...row, billable: row.billable === 1 };
}
