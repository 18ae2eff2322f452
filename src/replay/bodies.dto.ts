import { ArrayMaxSize, IsArray, IsObject, IsString, MaxLength } from 'class-validator';

import { Optional, Required, type Rule } from '../http/fields/field';
import { PageParameters } from '../http/fields/parameters.dto';
import { id, matching, oneOf, period, place } from '../http/fields/rules';
import { list, ref } from '../http/openapi/schema';
import { MAX_DRAFTS } from './parse-drafts';

const AS_OF = '$property must be a position or an RFC 3339 time, as a string';
const LONGEST_PLACE = 64;

/** `AuditJobs` checks whether the ledger has this position or time. */
const ofPlace: Rule = {
  schema: { ...place.schema, maxLength: LONGEST_PLACE },
  checks: [IsString({ message: AS_OF }), MaxLength(LONGEST_PLACE, { message: AS_OF })],
};
/** The domain reads the cards. */
const cards: Rule = {
  schema: { ...list(ref('RateCardBody')), maxItems: MAX_DRAFTS },
  checks: [
    IsArray({ message: '$property must be a list of rate cards' }),
    ArrayMaxSize(MAX_DRAFTS, { message: `$property has at most ${MAX_DRAFTS} cards` }),
  ],
};
/** The domain reads the plans. */
const plans: Rule = {
  schema: {
    type: 'object',
    additionalProperties: ref('PlanBody'),
    maxProperties: MAX_DRAFTS,
  },
  checks: [IsObject({ message: '$property must be an object of plans by name' })],
};

export class ReplayBody {
  @Optional(id, 'One user; all if left out.')
  user_id?: string | null;

  @Optional(period, 'One month; all if left out.')
  period?: string | null;

  @Optional(ofPlace, 'A position or a time. If left out, the live read model as it is.')
  as_of?: string | null;
}

export class RehearsalBody extends ReplayBody {
  @Optional(cards, 'Without `effective_from` a draft replaces all cards of its currency.')
  rate_cards?: unknown[] | null;

  @Optional(plans, 'By name. A draft replaces the plan of its name.')
  plans?: object | null;
}

export class RehearsalParameters extends PageParameters {
  @Optional(
    oneOf(['json', 'csv'], { default: 'json' }),
    'The header `accept` can also choose the format.',
  )
  format?: 'json' | 'csv';
}

export class JobPath {
  @Required(
    matching(/^[0-9A-Fa-f-]{1,64}$/, 'be the id in the answer to the request'),
    'The id in the answer to the request.',
  )
  id!: string;
}
