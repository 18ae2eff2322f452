import { TRANSCRIPTION_TYPES, type TranscriptionType } from '../domain/session/attempts';
import { Optional, Required } from '../http/fields/field';
import { ListParameters, ReadParameters } from '../http/fields/parameters.dto';
import {
  anyText,
  currency,
  instant,
  matching,
  oneOf,
  period,
  text,
  whole,
} from '../http/fields/rules';

const MONTH = 'A month; the current one if left out.';
const CURRENCY = "The user's if left out.";
const MOST_MONTHS = 24;
const LONGEST_FORMAT = 64;

/** A provider's name, in any letter case. */
export const provider = matching(
  /^[A-Za-z0-9._-]{1,64}$/,
  'be 1 to 64 characters of a-z 0-9 . _ -',
);
const minutes = matching(
  /^(0|[1-9][0-9]{0,11})(\.[0-9]{1,9})?$/,
  'be a decimal such as 12.5, not negative',
);

export class SummaryParameters extends ReadParameters {
  @Optional(period, MONTH)
  period?: string;

  @Optional(currency, CURRENCY)
  currency?: string;
}

export class HistoryParameters extends ReadParameters {
  @Optional(whole(1, MOST_MONTHS), 'How many months.')
  months: number = 3;

  @Optional(currency, CURRENCY)
  currency?: string;
}

export class LogListParameters extends ListParameters {
  @Optional(period, 'Only logs of one month.')
  period?: string;

  @Optional(provider, 'Only logs of one provider.')
  provider?: string;

  @Optional(oneOf(TRANSCRIPTION_TYPES), 'Only logs of one type.')
  transcription_type?: TranscriptionType;
}

/** The path of a usage log. The handler itself refuses an id that no log can have. */
export class UsageLogPath {
  @Required(anyText, 'The id of a usage log.')
  id!: string;
}

/** The path of a session. The handler itself refuses an id that no session can have. */
export class AnySessionPath {
  @Required(anyText, 'The session.')
  session_id!: string;
}

export class TrendParameters extends ReadParameters {
  @Required(instant, 'Inclusive.')
  from!: string;

  @Required(instant, 'Exclusive.')
  to!: string;

  @Optional(
    oneOf(['day', 'week', 'month']),
    "In the ledger's zone; weeks begin on Monday. At most 400 points.",
  )
  group_by: 'day' | 'week' | 'month' = 'day';

  @Optional(currency, CURRENCY)
  currency?: string;
}

export class EntitlementParameters extends ReadParameters {
  @Optional(minutes, 'Minutes about to be used, a decimal; 0 if left out.')
  minutes: string = '0';

  @Optional(
    whole(0, Number.MAX_SAFE_INTEGER, 'be a whole number of bytes below 2^53'),
    'The size of a file, in bytes.',
  )
  file_size_bytes?: number;

  @Optional(text(LONGEST_FORMAT), 'A format, such as srt.')
  export_format?: string;
}
