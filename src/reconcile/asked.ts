import { IsDefined, IsIn, IsOptional, IsString, Matches } from 'class-validator';

import { IsWhole } from '../http/validators/is-whole';
import { DEFAULT_LIMIT, MAX_LIMIT } from '../http/cursor';

const DEFAULT_MATCH = '/request_id';
const DEFAULT_TOLERANCE = '1';

/** What becomes of a line of a vendor's list, or of a log. */
export const KINDS = [
  'matched',
  'only_vendor',
  'only_ledger',
  'duration_differs',
  'repeated',
] as const;
export type Kind = (typeof KINDS)[number];

export const MATCHED_BY = ['id', 'session', 'day_and_duration'] as const;
export type MatchedBy = (typeof MATCHED_BY)[number];

/** What a vendor's list is compared with, and how. */
export interface ReconciliationRequest {
  readonly provider: string;
  readonly period: string;
  /** A JSON pointer into `provider_metadata`. */
  readonly match: string;
  readonly tolerance_seconds: string;
}

/** The same, as it is asked for. */
export class ReconciliationBody {
  @IsDefined()
  @IsString({ message: 'provider must be a text' })
  @Matches(/^[A-Za-z0-9._-]{1,64}$/, {
    message: 'provider must be 1 to 64 characters of a-z 0-9 . _ -',
  })
  provider!: string;

  @IsDefined()
  @Matches(/^\d{4}-(0[1-9]|1[0-2])$/, { message: 'period must be a month, such as 2026-10' })
  period!: string;

  @IsOptional()
  @Matches(/^(\/([^~/]|~[01])*){1,16}$/, {
    message: `match must be a JSON pointer into provider_metadata, such as ${DEFAULT_MATCH}`,
  })
  match?: string | null;

  @IsOptional()
  @Matches(/^(0|[1-9]\d{0,4})(\.\d{1,9})?$/, {
    message: 'tolerance_seconds must be a decimal string from 0 to 99999',
  })
  tolerance_seconds?: string | null;
}

export function requestOf(body: ReconciliationBody): ReconciliationRequest {
  return {
    provider: body.provider.toLowerCase(),
    period: body.period,
    match: body.match ?? DEFAULT_MATCH,
    tolerance_seconds: body.tolerance_seconds ?? DEFAULT_TOLERANCE,
  };
}

export class ReconciliationPath {
  @Matches(/^[0-9a-f-]{36}$/, { message: 'id must be that of a reconciliation' })
  id!: string;
}

export class ReconciliationParameters {
  /** Waited for by the guard of all reads. */
  @IsOptional()
  @Matches(/^\d{1,16}$/, { message: 'at_least must be a position: the one that a write answered' })
  at_least?: string;
}

export class ReconciliationListParameters extends ReconciliationParameters {
  @IsOptional()
  cursor?: string;

  @IsOptional()
  @IsWhole(1, MAX_LIMIT, `limit must be a whole number from 1 to ${MAX_LIMIT}`)
  limit: number = DEFAULT_LIMIT;
}

export class ItemParameters extends ReconciliationListParameters {
  @IsOptional()
  @IsIn(KINDS, { message: `kind must be ${KINDS.join(', ')}` })
  kind?: Kind;

  @IsOptional()
  @IsIn(['json', 'csv'], { message: 'format must be json or csv' })
  format?: 'json' | 'csv';
}
