import { Optional } from '../http/fields/field';
import { ListParameters } from '../http/fields/parameters.dto';
import { id, matching, period } from '../http/fields/rules';

const partOfId = matching(
  /^[A-Za-z0-9._:@~-]{1,128}$/,
  'be part of an id: 1 to 128 characters of A-Z a-z 0-9 . _ : @ ~ -',
);

/** Parameters of lists that are searched by id. */
export class SearchParameters extends ListParameters {
  @Optional(
    partOfId,
    'Only ids that contain this, in any letter case. One answer looks at 50,000 ids, so a page may be short, or even empty, while next_cursor is not null.',
  )
  search?: string;
}

export class SummaryListParameters extends ListParameters {
  @Optional(period, 'A month; the current one if left out.')
  period?: string;
}

export class AdjustmentListParameters extends ListParameters {
  @Optional(period, 'Only adjustments that count in this month.')
  period?: string;

  @Optional(id, 'Only those of one user.')
  user_id?: string;
}
