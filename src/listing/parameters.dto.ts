import { IsOptional, Matches } from 'class-validator';

import { ID, ListParameters, PERIOD, WHAT_IS_A_PERIOD } from '../usage/parameters.dto';

/** Lists of what has an id. */
export class SearchParameters extends ListParameters {
  /** What the ids contain, without regard to case. */
  @IsOptional()
  @Matches(/^[A-Za-z0-9._:@~-]{1,128}$/, {
    message: 'search must be a part of an id: 1 to 128 characters of A-Z a-z 0-9 . _ : @ ~ -',
  })
  search?: string;
}

export class PeriodListParameters extends ListParameters {
  @IsOptional()
  @Matches(PERIOD, { message: WHAT_IS_A_PERIOD })
  period?: string;
}

export class AdjustmentListParameters extends PeriodListParameters {
  @IsOptional()
  @Matches(ID, { message: 'user_id must be 1 to 128 characters of A-Z a-z 0-9 . _ : @ -' })
  user_id?: string;
}
