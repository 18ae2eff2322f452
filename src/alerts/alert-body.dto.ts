import { IsString, ValidateBy } from 'class-validator';

import { isDecimalText } from '../domain/money';
import { Optional, Required, type Rule } from '../http/fields/field';
import { currency, id, matching, text } from '../http/fields/rules';
import { METRICS } from './alert';

const LONGEST_NAME = 128;
const DECIMALS = 12;

/** A decimal string above 0. */
const positiveDecimal: Rule = {
  schema: {
    type: 'string',
    pattern: `^(?=.*[1-9])(0|[1-9][0-9]{0,14})(\\.[0-9]{1,${DECIMALS}})?$`,
  },
  checks: [
    ValidateBy({
      name: 'isPositiveDecimal',
      validator: {
        validate: (value: unknown) =>
          typeof value === 'string' && isDecimalText(value, DECIMALS) && /[1-9]/.test(value),
        defaultMessage: (args) =>
          `${args!.property} must be a decimal string above 0, such as "1200" or "0.8"`,
      },
    }),
  ],
};
/** The administration checks which metric it is. */
const metric: Rule = {
  schema: { type: 'string', enum: [...METRICS] },
  checks: [IsString({ message: '$property must be a string' })],
};

/** The body of a request for a new alert. */
export class AlertBody {
  @Required(text(LONGEST_NAME))
  name!: string;

  @Required(metric)
  metric!: string;

  @Optional(positiveDecimal, 'Minutes, cents or sessions. Either this or `share_of_limit`.')
  threshold?: string | null;

  @Optional(positiveDecimal, "A share of the limit of the user's plan: of minutes and sessions.")
  share_of_limit?: string | null;

  @Optional(id, 'One user; if left out, every user.')
  user_id?: string | null;

  @Optional(currency)
  currency?: string | null;
}

export class AlertPath {
  @Required(
    matching(/^alert_[0-9A-Za-z]{1,64}$/, 'be the id of an alert, such as alert_…'),
    'Its id.',
  )
  id!: string;
}
