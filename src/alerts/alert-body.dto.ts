import { IsDefined, IsOptional, IsString, Matches, ValidateBy } from 'class-validator';

import { isDecimalText } from '../domain/money';
import { IsText } from '../http/validators/is-text';

const LONGEST_NAME = 128;
const DECIMALS = 12;
const USER = /^(?!\.{1,2}$)[A-Za-z0-9._:@-]{1,128}$/;

/** A decimal string above 0. */
function IsPositiveDecimal(): PropertyDecorator {
  return ValidateBy({
    name: 'isPositiveDecimal',
    validator: {
      validate: (value: unknown) =>
        typeof value === 'string' && isDecimalText(value, DECIMALS) && /[1-9]/.test(value),
      defaultMessage: (args) =>
        `${args!.property} must be a decimal string above 0, such as "1200" or "0.8"`,
    },
  });
}

/** An alert as it is asked for. */
export class AlertBody {
  @IsDefined()
  @IsText(LONGEST_NAME)
  name!: string;

  @IsDefined()
  @IsString({ message: 'metric must be a text' })
  metric!: string;

  @IsOptional()
  @IsPositiveDecimal()
  threshold?: string | null;

  @IsOptional()
  @IsPositiveDecimal()
  share_of_limit?: string | null;

  @IsOptional()
  @Matches(USER, { message: 'user_id must be 1 to 128 characters of A-Z a-z 0-9 . _ : @ -' })
  user_id?: string | null;

  @IsOptional()
  @Matches(/^[A-Z]{3}$/, { message: 'currency must be three capital letters' })
  currency?: string | null;
}

export class AlertPath {
  @Matches(/^alert_[0-9A-Za-z]{1,64}$/, { message: 'id must be that of an alert, such as alert_…' })
  id!: string;
}
