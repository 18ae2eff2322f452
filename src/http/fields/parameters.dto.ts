import { DEFAULT_LIMIT, MAX_LIMIT } from '../cursor';
import { Optional, Required } from './field';
import { anyText, id, place, position, whole } from './rules';

const AS_OF = 'The answer as it was known at this position or time.';

/** The parameter of every read. `AtLeastGuard` waits for all reads, so no handler has to. */
export class AtLeastParameters {
  @Optional(position, 'Waits (at most 2 s) until the read model has this position.')
  at_least?: string;
}

/** The parameters of reads that can look at the past. */
export class ReadParameters extends AtLeastParameters {
  @Optional(place, AS_OF)
  as_of?: string;
}

/** The parameters of a list that has no past. */
export class PageParameters extends AtLeastParameters {
  @Optional(anyText, "next_cursor from this list's previous answer.")
  cursor?: string;

  @Optional(whole(1, MAX_LIMIT), 'The most items on a page.')
  limit: number = DEFAULT_LIMIT;
}

export class ListParameters extends PageParameters {
  @Optional(place, AS_OF)
  as_of?: string;
}

export class UserPath {
  @Required(id, 'The user.')
  user_id!: string;
}
