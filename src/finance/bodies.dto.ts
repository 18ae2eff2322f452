import {
  IsBoolean,
  IsDefined,
  IsInt,
  IsOptional,
  Matches,
  Max,
  Min,
  NotEquals,
} from 'class-validator';

import {
  CURRENCY,
  ID,
  PERIOD,
  WHAT_IS_A_CURRENCY,
  WHAT_IS_A_PERIOD,
} from '../usage/parameters.dto';
import { IsInstant } from '../http/validators/is-instant';
import { IsPlanName } from '../http/validators/is-plan-name';
import { IsText } from '../http/validators/is-text';

const LONGEST_TEXT = 1024;
const MAX_CENTS = 1_000_000_000_000;
const CENTS = 'amount_cents must be a whole number of cents, not 0, at most 10^12 either way';

export class DefaultPlanBody {
  @IsDefined()
  @IsPlanName()
  plan!: string;

  @IsOptional()
  @IsInstant()
  effective_from?: string | null;
}

export class AssignPlanBody extends DefaultPlanBody {
  @IsOptional()
  @Matches(CURRENCY, { message: WHAT_IS_A_CURRENCY })
  currency?: string | null;
}

export class AdjustmentBody {
  @IsDefined()
  @Matches(ID, { message: 'user_id must be 1 to 128 characters of A-Z a-z 0-9 . _ : @ -' })
  user_id!: string;

  @IsDefined()
  @Matches(PERIOD, { message: WHAT_IS_A_PERIOD })
  period!: string;

  @IsDefined()
  @IsInt({ message: CENTS })
  @NotEquals(0, { message: CENTS })
  @Min(-MAX_CENTS, { message: CENTS })
  @Max(MAX_CENTS, { message: CENTS })
  amount_cents!: number;

  @IsDefined()
  @IsText(LONGEST_TEXT)
  reason!: string;

  @IsOptional()
  @Matches(CURRENCY, { message: WHAT_IS_A_CURRENCY })
  currency?: string | null;

  @IsOptional()
  @IsText(LONGEST_TEXT)
  reference?: string | null;

  @IsOptional()
  @IsBoolean({ message: 'allow_negative must be true or false' })
  allow_negative?: boolean | null;

  @IsOptional()
  @Matches(/^[\x21-\x7e]{1,128}$/, { message: 'voids must be the id of an adjustment' })
  voids?: string | null;

  @IsOptional()
  @IsBoolean({ message: 'new_user must be true or false' })
  new_user?: boolean | null;
}

export class VoidBody {
  @IsDefined()
  @IsText(LONGEST_TEXT)
  reason!: string;
}

export class CloseBody {
  @IsOptional()
  @IsBoolean({ message: 'force must be true or false' })
  force?: boolean | null;
}
