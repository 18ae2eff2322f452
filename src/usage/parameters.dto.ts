import { IsIn, IsOptional, Matches } from 'class-validator';

import { IsInstant } from '../http/validators/is-instant';
import { IsPlanName } from '../http/validators/is-plan-name';
import { IsText } from '../http/validators/is-text';
import { IsWhole } from '../http/validators/is-whole';

import { DEFAULT_LIMIT, MAX_LIMIT } from '../http/cursor';

/** From 1969-12 on: west of Greenwich, 1970 in UTC begins in it. */
export const PERIOD = /^(1969-12|(19[7-9]\d|[2-9]\d{3})-(0[1-9]|1[0-2]))$/;
export const CURRENCY = /^[A-Z]{3}$/;
export const ID = /^(?!\.{1,2}$)[A-Za-z0-9._:@-]{1,128}$/;

export const WHAT_IS_A_PERIOD = 'period must be a month such as 2026-10';
export const WHAT_IS_A_CURRENCY = 'currency must be three capital letters, such as TWD';

/** What every read takes. */
export class ReadParameters {
  /** Waits (2 s at most) until the read model has this position. */
  @IsOptional()
  @Matches(/^\d{1,16}$/, { message: 'at_least must be a position: the one that a write answered' })
  at_least?: string;

  /** The answer as it was known at a position or a time. */
  @IsOptional()
  @Matches(/^[0-9TtZz:.+-]{1,64}$/, { message: 'as_of must be a position or an RFC 3339 time' })
  as_of?: string;
}

export class UserPath {
  @Matches(ID, { message: 'user_id must be 1 to 128 characters of A-Z a-z 0-9 . _ : @ -' })
  user_id!: string;
}

export class SummaryParameters extends ReadParameters {
  @IsOptional()
  @Matches(PERIOD, { message: WHAT_IS_A_PERIOD })
  period?: string;

  @IsOptional()
  @Matches(CURRENCY, { message: WHAT_IS_A_CURRENCY })
  currency?: string;
}

export class HistoryParameters extends ReadParameters {
  @IsOptional()
  @IsWhole(1, 24, 'months must be a whole number from 1 to 24')
  months: number = 3;

  @IsOptional()
  @Matches(CURRENCY, { message: WHAT_IS_A_CURRENCY })
  currency?: string;
}

export class ListParameters extends ReadParameters {
  @IsOptional()
  cursor?: string;

  @IsOptional()
  @IsWhole(1, MAX_LIMIT, `limit must be a whole number from 1 to ${MAX_LIMIT}`)
  limit: number = DEFAULT_LIMIT;
}

export class LogListParameters extends ListParameters {
  @IsOptional()
  @Matches(PERIOD, { message: WHAT_IS_A_PERIOD })
  period?: string;

  @IsOptional()
  @Matches(/^[A-Za-z0-9._-]{1,64}$/, { message: "provider must be a provider's name" })
  provider?: string;

  @IsOptional()
  @IsIn(['original', 'retry_success', 'retry_failed'], {
    message: 'transcription_type must be original, retry_success or retry_failed',
  })
  transcription_type?: string;
}

export class SessionPath {
  @Matches(ID, { message: 'session_id must be 1 to 128 characters of A-Z a-z 0-9 . _ : @ -' })
  session_id!: string;
}

export class PlanPath {
  @IsPlanName()
  plan!: string;
}

export class PeriodPath {
  @Matches(PERIOD, { message: WHAT_IS_A_PERIOD })
  period!: string;
}

export class ReportParameters extends ReadParameters {
  @IsOptional()
  @Matches(PERIOD, { message: WHAT_IS_A_PERIOD })
  period?: string;
}

export class TrendParameters extends ReadParameters {
  @IsInstant()
  from!: string;

  @IsInstant()
  to!: string;

  @IsOptional()
  @IsIn(['day', 'week', 'month'], { message: 'group_by must be day, week or month' })
  group_by: 'day' | 'week' | 'month' = 'day';

  @IsOptional()
  @Matches(CURRENCY, { message: WHAT_IS_A_CURRENCY })
  currency?: string;
}

export class EntitlementParameters extends ReadParameters {
  @IsOptional()
  @Matches(/^(0|[1-9]\d{0,11})(\.\d{1,9})?$/, {
    message: 'minutes must be a decimal such as 12.5, not negative',
  })
  minutes: string = '0';

  @IsOptional()
  @IsWhole(0, Number.MAX_SAFE_INTEGER, 'file_size_bytes must be a whole number of bytes below 2^53')
  file_size_bytes?: number;

  @IsOptional()
  @IsText(64)
  export_format?: string;
}
