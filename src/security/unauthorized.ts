import { Problem } from '../http/problem';
import { either } from '../lib/either';
import { rolesFor, type Role } from './roles';

const ALL_OF = new Intl.ListFormat('en-GB', { type: 'conjunction' });
const HOW = 'Send one as Authorization: Bearer …';

/** The problem for a request without a key or token, or with an invalid one: 401, as in RFC 6750. */
export function unauthorized(why: string): Problem {
  return new Problem('unauthorized', `${why} ${HOW}`, {
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  });
}

/** The problem for a request without credentials. RFC 6750 gives no reason in this case. */
export function nobody(): Problem {
  return new Problem('unauthorized', `This needs an API key or a token. ${HOW}`, {
    headers: { 'www-authenticate': 'Bearer' },
  });
}

/** The problem for a caller who may not do or see this. It is the same whether or not what was asked for exists. */
export function forbidden(): Problem {
  return new Problem('forbidden', 'Your key or token does not allow this.');
}

/**
 * The problem for a caller whose role the route is not for. It depends only on the route and the caller, never on what
 * exists.
 */
export function wrongRole(needed: Role, held: readonly Role[]): Problem {
  const may = either(rolesFor(needed));
  const has = held.length === 0 ? 'no role' : ALL_OF.format(held);
  return new Problem('forbidden', `This needs the role ${may}; this key or token has ${has}.`);
}
