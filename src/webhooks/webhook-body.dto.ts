import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsOptional,
  IsString,
  Matches,
} from 'class-validator';

import { DEFAULT_LIMIT, MAX_LIMIT } from '../http/cursor';
import { IsText } from '../http/validators/is-text';
import { IsWhole } from '../http/validators/is-whole';
import { DELIVERY_STATUS, type DeliveryStatus } from './deliveries';
import { HAPPENING_TYPES, type HappeningType } from './happenings';

const LONGEST_NAME = 128;
const TYPES = `types must be a list of some of ${HAPPENING_TYPES.join(', ')}`;

/** A webhook as it is asked for. */
export class WebhookBody {
  @IsDefined()
  @IsString({ message: 'url must be a URL' })
  url!: string;

  @IsDefined()
  @IsArray({ message: TYPES })
  @ArrayMinSize(1, { message: TYPES })
  @ArrayMaxSize(HAPPENING_TYPES.length, { message: TYPES })
  @IsIn(HAPPENING_TYPES, { each: true, message: TYPES })
  types!: HappeningType[];

  @IsDefined()
  @IsText(LONGEST_NAME)
  name!: string;

  @IsOptional()
  @IsBoolean({ message: 'enabled must be true or false' })
  enabled?: boolean | null;
}

/** What is to change of one. */
export class WebhookChange {
  @IsOptional()
  @IsString({ message: 'url must be a URL' })
  url?: string | null;

  @IsOptional()
  @IsArray({ message: TYPES })
  @ArrayMinSize(1, { message: TYPES })
  @ArrayMaxSize(HAPPENING_TYPES.length, { message: TYPES })
  @IsIn(HAPPENING_TYPES, { each: true, message: TYPES })
  types?: HappeningType[] | null;

  @IsOptional()
  @IsText(LONGEST_NAME)
  name?: string | null;

  @IsOptional()
  @IsBoolean({ message: 'enabled must be true or false' })
  enabled?: boolean | null;
}

export class KeptListParameters {
  /** Waited for by the guard of all reads. */
  @IsOptional()
  @Matches(/^\d{1,16}$/, { message: 'at_least must be a position: the one that a write answered' })
  at_least?: string;

  @IsOptional()
  cursor?: string;

  @IsOptional()
  @IsWhole(1, MAX_LIMIT, `limit must be a whole number from 1 to ${MAX_LIMIT}`)
  limit: number = DEFAULT_LIMIT;
}

export class DeliveryListParameters extends KeptListParameters {
  @IsOptional()
  @IsIn(DELIVERY_STATUS, { message: `status must be ${DELIVERY_STATUS.join(', ')}` })
  status?: DeliveryStatus;
}

export class WebhookPath {
  @Matches(/^wh_[0-9A-Za-z]{1,64}$/, { message: 'id must be that of a webhook, such as wh_…' })
  id!: string;
}

export class DeliveryPath extends WebhookPath {
  @Matches(/^dlv_[0-9A-Za-z_-]{1,128}$/, {
    message: 'delivery_id must be that of a delivery, such as dlv_…',
  })
  delivery_id!: string;
}
