import { Problem } from '../http/problem';
import { rolesFor, type Role } from './roles';

const ANY_OF = new Intl.ListFormat('en-GB', { type: 'disjunction' });
const ALL_OF = new Intl.ListFormat('en-GB', { type: 'conjunction' });
const HOW = 'Send one as Authorization: Bearer …';

/** A request without a key or token, or with one that opens nothing: 401, as RFC 6750 has it. */
export function unauthorized(why: string): Problem {
  return new Problem('unauthorized', `${why} ${HOW}`, {
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  });
}

/** A request that names nobody: RFC 6750 gives no reason then. */
export function nobody(): Problem {
  return new Problem('unauthorized', `This needs an API key or a token. ${HOW}`, {
    headers: { 'www-authenticate': 'Bearer' },
  });
}

/** A caller who may not do this, or see this: the same, whatever there is. */
export function forbidden(): Problem {
  return new Problem('forbidden', 'Your key or token does not allow this.');
}

/** A caller of another role than a route is for. It depends on the route and on the caller alone, never on what there is. */
export function wrongRole(needed: Role, held: readonly Role[]): Problem {
  const may = ANY_OF.format(rolesFor(needed));
  const has = held.length === 0 ? 'no role' : ALL_OF.format(held);
  return new Problem('forbidden', `This needs the role ${may}; this key or token has ${has}.`);
}
