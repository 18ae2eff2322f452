import { IsString } from 'class-validator';
import type { Schema } from '../http/openapi/schema';

import { Optional, Required, type Rule } from '../http/fields/field';
import { PageParameters } from '../http/fields/parameters.dto';
import { flag, matching, oneOf, someOf, text } from '../http/fields/rules';
import { DELIVERY_STATUS, type DeliveryStatus } from './deliveries';
import { HAPPENING_TYPES, type HappeningType } from './happenings';
import { LONGEST_URL } from './outgoing';

const LONGEST_NAME = 128;

/** `outgoing.ts` decides which addresses are allowed. */
export const WEBHOOK_URL: Schema = {
  type: 'string',
  maxLength: LONGEST_URL,
  description: 'https, to a public address. Any other is 422 `webhook_url_not_allowed`.',
};
const url: Rule = {
  schema: WEBHOOK_URL,
  checks: [IsString({ message: '$property must be a URL' })],
};
const types = someOf(HAPPENING_TYPES);
const name = text(LONGEST_NAME);

/** The body of a request for a new webhook. */
export class WebhookBody {
  @Required(url)
  url!: string;

  @Required(types)
  types!: HappeningType[];

  @Required(name)
  name!: string;

  @Optional(flag)
  enabled?: boolean | null;
}

/** The body of a change to a webhook. */
export class WebhookChange {
  @Optional(url)
  url?: string | null;

  @Optional(types)
  types?: HappeningType[] | null;

  @Optional(name)
  name?: string | null;

  @Optional(flag)
  enabled?: boolean | null;
}

export class DeliveryListParameters extends PageParameters {
  @Optional(oneOf(DELIVERY_STATUS), 'Only deliveries with one status.')
  status?: DeliveryStatus;
}

export class WebhookPath {
  @Required(matching(/^wh_[0-9A-Za-z]{1,64}$/, 'be the id of a webhook, such as wh_…'), 'Its id.')
  id!: string;
}

export class DeliveryPath extends WebhookPath {
  @Required(
    matching(/^dlv_[0-9A-Za-z_-]{1,128}$/, 'be the id of a delivery, such as dlv_…'),
    "The delivery's id.",
  )
  delivery_id!: string;
}
