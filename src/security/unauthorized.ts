import { Problem } from '../http/problem';

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
