import { Optional, Required } from '../http/fields/field';
import { PageParameters } from '../http/fields/parameters.dto';
import { matching, oneOf, period } from '../http/fields/rules';
import { provider } from '../usage/parameters.dto';

const DEFAULT_MATCH = '/request_id';
const DEFAULT_TOLERANCE = '1';

/** The kinds of results for a line of a vendor's list, or for a log. */
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

const match = matching(
  /^(\/([^~/]|~[01])*){1,16}$/,
  `be a JSON pointer into provider_metadata, such as ${DEFAULT_MATCH}`,
);
const tolerance = matching(
  /^(0|[1-9][0-9]{0,4})(\.[0-9]{1,9})?$/,
  'be a decimal string from 0 to 99999',
);

/** The same request as parameters, which are beside the list in JSON and in the query for CSV. */
export class ReconciliationBody {
  @Required(provider, 'The provider.')
  provider!: string;

  @Required(period, 'The month.')
  period!: string;

  @Optional(
    match,
    "Where `provider_metadata` holds the vendor's request id, as a JSON pointer; `/request_id` if left out.",
  )
  match?: string | null;

  @Optional(tolerance, 'How many seconds durations may differ by.')
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
  @Required(
    matching(/^[0-9a-f-]{36}$/, 'be the id of a reconciliation'),
    'The id in the answer to the request.',
  )
  id!: string;
}

export class ItemParameters extends PageParameters {
  @Optional(oneOf(KINDS), 'Only items of one kind.')
  kind?: Kind;

  @Optional(
    oneOf(['json', 'csv'], { default: 'json' }),
    'The header `accept` can also choose the format.',
  )
  format?: 'json' | 'csv';
}
