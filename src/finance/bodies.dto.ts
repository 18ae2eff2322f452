import { IsInt, Max, Min, NotEquals } from 'class-validator';

import { Optional, Required, type Rule } from '../http/fields/field';
import {
  currency,
  flag,
  id,
  instant,
  matching,
  period,
  planName,
  text,
} from '../http/fields/rules';

const LONGEST_TEXT = 1024;
const MAX_CENTS = 1_000_000_000_000;
const CENTS = '$property must be a whole number of cents, not 0, at most 10^12 either way';
const FROM = 'RFC 3339 with an offset. If left out: now.';

const cents: Rule = {
  schema: { type: 'integer', minimum: -MAX_CENTS, maximum: MAX_CENTS, not: { const: 0 } },
  checks: [
    IsInt({ message: CENTS }),
    NotEquals(0, { message: CENTS }),
    Min(-MAX_CENTS, { message: CENTS }),
    Max(MAX_CENTS, { message: CENTS }),
  ],
};
const adjustmentId = matching(/^[\x21-\x7e]{1,128}$/, 'be the id of an adjustment');

export class DefaultPlanBody {
  @Required(planName)
  plan!: string;

  @Optional(instant, FROM)
  effective_from?: string | null;
}

export class AssignPlanBody extends DefaultPlanBody {
  @Optional(currency)
  currency?: string | null;
}

export class AdjustmentBody {
  @Required(id)
  user_id!: string;

  @Required(period)
  period!: string;

  @Required(cents)
  amount_cents!: number;

  @Required(text(LONGEST_TEXT))
  reason!: string;

  @Optional(currency)
  currency?: string | null;

  @Optional(text(LONGEST_TEXT))
  reference?: string | null;

  @Optional(flag)
  allow_negative?: boolean | null;

  @Optional(adjustmentId)
  voids?: string | null;

  @Optional(flag)
  new_user?: boolean | null;
}

export class VoidBody {
  @Required(text(LONGEST_TEXT))
  reason!: string;
}

export class CloseBody {
  @Optional(flag)
  force?: boolean | null;
}
