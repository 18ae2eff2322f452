import { Optional, Required } from '../http/fields/field';
import { AtLeastParameters } from '../http/fields/parameters.dto';
import { matching, whole } from '../http/fields/rules';

const size = whole(1, Number.MAX_SAFE_INTEGER, 'be a number of events, a whole number from 1');
const SIZE = 'A number of events; all if left out.';

export class SizeParameters extends AtLeastParameters {
  @Optional(size, SIZE)
  size?: number;
}

export class IndexPath {
  @Required(
    matching(/^(0|[1-9][0-9]{0,14})$/, "be an event's number, from 0"),
    "The event's number in ledger order, from 0.",
  )
  index!: string;
}

export class ConsistencyParameters extends AtLeastParameters {
  @Required(size, 'A number of events.')
  first!: number;

  @Optional(size, SIZE)
  second?: number;
}
