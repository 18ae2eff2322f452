import { MOST_OF_RECORDING } from './bounds';
import { FACT_TYPES, type FactKind } from './facts';
import {
  booleanField,
  confidenceField,
  idField,
  metadataField,
  providerField,
  secondsField,
  textField,
  wholeField,
  type Field,
} from './fields';

/** The shape of an event type: its fields in stored order, the required ones, and default values. */
export interface EventShape {
  readonly type: string;
  readonly fields: readonly (readonly [name: string, field: Field])[];
  readonly required: ReadonlySet<string>;
  readonly defaults: Readonly<Record<string, number>>;
}

const COUNT = wholeField(0, Number.MAX_SAFE_INTEGER);
const TEXT = textField(1024);
const PERSONAL_TEXT = textField(1024, { personal: true });
const MOST_ATTEMPTS = 1_000;
const ATTEMPT = wholeField(1, MOST_ATTEMPTS);

function shape(
  kind: FactKind,
  fields: Record<string, Field>,
  required: readonly string[],
  defaults: Record<string, number> = {},
): EventShape {
  return {
    type: FACT_TYPES[kind],
    fields: Object.entries(fields),
    required: new Set(required),
    defaults,
  };
}

/** What producers may send (docs/reference/events.md). The order of fields is the stored order, which never changes. */
export const CATALOGUE: Readonly<Record<FactKind, EventShape>> = {
  started: shape(
    'started',
    {
      session_id: idField,
      user_id: idField,
      stt_provider: providerField,
      attempt: ATTEMPT,
      client_id: idField,
      language: TEXT,
      enable_diarization: booleanField,
      original_filename: PERSONAL_TEXT,
      file_size_bytes: COUNT,
      provider_metadata: metadataField,
    },
    ['session_id', 'user_id', 'stt_provider'],
    { attempt: 1 },
  ),
  completed: shape(
    'completed',
    {
      session_id: idField,
      user_id: idField,
      stt_provider: providerField,
      duration_seconds: secondsField(MOST_OF_RECORDING.seconds),
      attempt: ATTEMPT,
      client_id: idField,
      channels: wholeField(1, MOST_OF_RECORDING.channels),
      speaker_count: wholeField(0, MOST_OF_RECORDING.speakers),
      confidence_score: confidenceField,
      word_count: COUNT,
      character_count: COUNT,
      processing_time_seconds: secondsField(1_000_000_000),
      language: TEXT,
      original_filename: PERSONAL_TEXT,
      provider_metadata: metadataField,
    },
    ['session_id', 'user_id', 'stt_provider', 'duration_seconds'],
    { attempt: 1, channels: 1 },
  ),
  failed: shape(
    'failed',
    {
      session_id: idField,
      user_id: idField,
      stt_provider: providerField,
      error_code: TEXT,
      attempt: ATTEMPT,
      error_message: textField(4096, { multiline: true, personal: true }),
      client_id: idField,
      provider_metadata: metadataField,
    },
    ['session_id', 'user_id', 'stt_provider', 'error_code'],
    { attempt: 1 },
  ),
  retried: shape(
    'retried',
    {
      session_id: idField,
      user_id: idField,
      attempt: wholeField(2, MOST_ATTEMPTS),
      requested_by: PERSONAL_TEXT,
      reason: TEXT,
      stt_provider: providerField,
      client_id: idField,
      provider_metadata: metadataField,
    },
    ['session_id', 'user_id', 'attempt'],
  ),
};
