import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';

import { DEFAULT_LIMIT, MAX_LIMIT } from '../http/cursor';
import { MAX_DRAFTS } from './parse-drafts';
import { ID, PERIOD, WHAT_IS_A_PERIOD } from '../usage/parameters.dto';

const AS_OF = 'as_of must be a position or an RFC 3339 time, as a text';

export class ReplayBody {
  @IsOptional()
  @Matches(ID, { message: 'user_id must be 1 to 128 characters of A-Z a-z 0-9 . _ : @ -' })
  user_id?: string | null;

  @IsOptional()
  @Matches(PERIOD, { message: WHAT_IS_A_PERIOD })
  period?: string | null;

  @IsOptional()
  @IsString({ message: AS_OF })
  @MaxLength(64, { message: AS_OF })
  as_of?: string | null;
}

export class RehearsalBody extends ReplayBody {
  /** Read as cards by the domain. */
  @IsOptional()
  @IsArray({ message: 'rate_cards must be a list of rate cards' })
  @ArrayMaxSize(MAX_DRAFTS, { message: `rate_cards has at most ${MAX_DRAFTS} cards` })
  rate_cards?: unknown[] | null;

  /** Read as plans by the domain. */
  @IsOptional()
  @IsObject({ message: 'plans must be an object of plans by name' })
  plans?: object | null;
}

export class AtLeastParameters {
  /** Waited for by the guard of all reads. */
  @IsOptional()
  @Matches(/^\d{1,16}$/, { message: 'at_least must be a position: the one that a write answered' })
  at_least?: string;
}

export class JobListParameters extends AtLeastParameters {
  @IsOptional()
  cursor?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt({ message: `limit must be a whole number from 1 to ${MAX_LIMIT}` })
  @Min(1, { message: `limit must be 1 to ${MAX_LIMIT}` })
  @Max(MAX_LIMIT, { message: `limit must be 1 to ${MAX_LIMIT}` })
  limit: number = DEFAULT_LIMIT;
}

export class RehearsalParameters extends JobListParameters {
  @IsOptional()
  @IsIn(['json', 'csv'], { message: 'format must be json or csv' })
  format?: 'json' | 'csv';
}

export class JobPath {
  @Matches(/^[0-9a-f-]{1,64}$/i, { message: 'id must be what the answer to the request said' })
  id!: string;
}
