import { BillingZone } from '../../../domain/billing-period/zone';
import { Decimal, print } from '../../../domain/money';
import { counted } from '../../../lib/counted';
import { MAX_JSON_DEPTH, parseStrictJson, StrictJsonError } from '../../../lib/strict-json';
import { allFinite } from '../all-finite';
import type { Columns, Field } from './columns';
import { readTableTime } from './table-time';

/** The fields of a fact besides those that identify the attempt, named as in the events' data. */
export type Said = Readonly<Record<string, unknown>>;

/** A row of the old table, parsed. Numbers kept as text are exact. */
export interface OldRow {
  readonly id: string;
  /** `undefined` if the row names none: it then joins its parent's session, or starts its own. */
  readonly session: string | undefined;
  readonly user: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `undefined` if the row does not say. */
  readonly attempt: number | undefined;
  readonly parent: string | undefined;
  /** Whether the row calls itself a retry. */
  readonly retry: boolean;
  readonly failed: boolean;
  /** Seconds of audio, with at most 9 decimals; `undefined` if the attempt failed and the row has none. */
  readonly seconds: string | undefined;
  readonly provider: string;
  readonly said: Said;
}

/** What the old table charged, also for a row that can't be recorded. */
export interface OldCharge {
  /** Hundredths of the currency, as a decimal text; `undefined` = the row does not say. */
  readonly cents: string | undefined;
  readonly currency: string | undefined;
  readonly billable: boolean | undefined;
}

/** Says why a row can't be recorded. */
export class RowError extends Error {
  constructor(
    readonly code: string,
    detail: string,
  ) {
    super(detail);
  }
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;
const TRUE = new Set(['true', 't', 'yes', 'y', '1']);
const FALSE = new Set(['false', 'f', 'no', 'n', '0']);
const MOST_DECIMALS = 9;
/** An event's metadata are within its data. */
const MOST_METADATA_DEPTH = MAX_JSON_DEPTH - 2;

/** Reads rows whose columns are known. */
export class RowReader {
  constructor(
    private readonly columns: Columns,
    private readonly zone: BillingZone,
  ) {}

  /** @throws RowError if the row can't become a fact. */
  read(record: readonly string[]): OldRow {
    const { width } = this.columns;
    if (record.length !== width)
      throw new RowError(
        'cells',
        `It has ${counted(record.length, 'cell')}, but the header has ${width}.`,
      );
    const failed = this.truth(record, 'error_occurred') ?? false;
    const parent = this.columns.value(record, 'parent_log_id');
    const retry = this.isRetry(record) || parent !== undefined;
    return {
      id: this.need(record, 'id'),
      session: this.columns.value(record, 'session_id'),
      user: this.need(record, 'user_id'),
      at: this.time(record),
      attempt: this.attempt(record, retry),
      parent,
      retry,
      failed,
      seconds: this.seconds(record, failed),
      provider: this.need(record, 'stt_provider').toLowerCase(),
      said: failed ? this.failure(record) : this.outcome(record),
    };
  }

  /** Returns what the row says of money, as far as it can be read. */
  charge(record: readonly string[]): OldCharge {
    const text = this.columns.value(record, 'cost_cents');
    const cents = text !== undefined && NUMBER.test(text) ? print(new Decimal(text)) : undefined;
    const currency = this.columns.value(record, 'currency')?.toUpperCase();
    const billable = this.columns.value(record, 'billable')?.toLowerCase() ?? '';
    const known = TRUE.has(billable) ? true : FALSE.has(billable) ? false : undefined;
    return { cents, currency, billable: known };
  }

  /** Returns a field's text, from a row that may be unreadable. */
  text(record: readonly string[], field: Field): string | undefined {
    return this.columns.value(record, field);
  }

  private need(record: readonly string[], field: Field): string {
    const value = this.columns.value(record, field);
    if (value !== undefined) return value;
    throw new RowError(`no_${field}`, `${field} is empty.`);
  }

  private time(record: readonly string[]): number {
    const text = this.need(record, 'created_at');
    const at = readTableTime(text, this.zone);
    if (at !== undefined) return at;
    throw new RowError('created_at', `created_at is not a time: write it as 2026-10-01T12:00:00Z.`);
  }

  private isRetry(record: readonly string[]): boolean {
    return /^retry/i.test(this.columns.value(record, 'transcription_type') ?? '');
  }

  private attempt(record: readonly string[], retry: boolean): number | undefined {
    const count = this.number(record, 'retry_count');
    if (count === undefined) return this.columns.has('retry_count') && !retry ? 1 : undefined;
    if (Number.isInteger(count) && count >= 0 && count < 1_000) return count + 1;
    throw new RowError('retry_count', 'retry_count must be a whole number, 0 to 999.');
  }

  private seconds(record: readonly string[], failed: boolean): string | undefined {
    const seconds = this.decimal(record, 'duration_seconds');
    const length = seconds ?? this.decimal(record, 'duration_minutes')?.times(60);
    if (length !== undefined) return print(length.toDecimalPlaces(MOST_DECIMALS));
    if (failed) return undefined;
    throw new RowError('no_duration', 'It has neither duration_seconds nor duration_minutes.');
  }

  private outcome(record: readonly string[]): Said {
    return {
      ...this.common(record),
      confidence_score: this.number(record, 'confidence_score'),
      word_count: this.number(record, 'word_count'),
      character_count: this.number(record, 'character_count'),
      speaker_count: this.number(record, 'speaker_count'),
      processing_time_seconds: this.processing(record),
    };
  }

  private failure(record: readonly string[]): Said {
    const error_message = this.columns.value(record, 'error_message');
    return { ...this.common(record), error_code: 'error_occurred', error_message };
  }

  private common(record: readonly string[]): Said {
    return {
      client_id: this.columns.value(record, 'client_id'),
      provider_metadata: this.metadata(record),
    };
  }

  private processing(record: readonly string[]): string | undefined {
    const value = this.decimal(record, 'processing_time_seconds');
    return value && print(value.toDecimalPlaces(MOST_DECIMALS));
  }

  private metadata(record: readonly string[]): object | undefined {
    const text = this.columns.value(record, 'metadata');
    return text === undefined ? undefined : readMetadata(text);
  }

  private decimal(record: readonly string[], field: Field): Decimal | undefined {
    const text = this.columns.value(record, field);
    if (text === undefined) return undefined;
    if (NUMBER.test(text)) return new Decimal(text);
    throw new RowError(field, `${field} is not a number.`);
  }

  private number(record: readonly string[], field: Field): number | undefined {
    const number = this.decimal(record, field)?.toNumber();
    if (number === undefined || Number.isFinite(number)) return number;
    throw new RowError(field, `${field} is too large.`);
  }

  private truth(record: readonly string[], field: Field): boolean | undefined {
    const text = this.columns.value(record, field)?.toLowerCase();
    if (text === undefined) return undefined;
    if (TRUE.has(text)) return true;
    if (FALSE.has(text)) return false;
    throw new RowError(field, `${field} must be true or false.`);
  }
}

/** Reads metadata as strictly as the ledger does. */
function readMetadata(text: string): object {
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw unfit('is not a JSON object');
  if (!allFinite(value)) throw unfit('holds a number that is too large');
  return value;
}

function parsed(text: string): unknown {
  try {
    return parseStrictJson(Buffer.from(text), MOST_METADATA_DEPTH);
  } catch (error) {
    if (!(error instanceof StrictJsonError)) throw error;
    throw unfit(
      error.code === 'too_deep'
        ? `is nested more than ${MOST_METADATA_DEPTH} levels deep`
        : 'is not a JSON object',
    );
  }
}

function unfit(how: string): RowError {
  return new RowError('metadata', `metadata ${how}; --map metadata= leaves it out.`);
}
