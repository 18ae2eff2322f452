import { Optional, Required } from '../../http/fields/field';
import { id, instant, matching, oneOf, text } from '../../http/fields/rules';
import { ROLES, type Role } from '../roles';

const LONGEST_NAME = 128;
const LONGEST_SOURCE = 512;

/** The body of a request for a new key. */
export class KeyBody {
  @Required(oneOf(ROLES))
  role!: Role;

  @Required(text(LONGEST_NAME))
  name!: string;

  @Optional(text(LONGEST_SOURCE), "For a producer: the prefix of its events' sources.")
  source?: string | null;

  @Optional(id, 'For a reader: the only user it sees.')
  user_id?: string | null;

  @Optional(
    instant,
    'RFC 3339 with an offset, in the future; if left out, the key does not expire.',
  )
  expires_at?: string | null;
}

export class KeyPath {
  @Required(
    matching(/^key_[0-9A-Za-z]{1,64}$/, 'be the id of a key, such as key_…'),
    "The key's id.",
  )
  id!: string;
}
