import { errors, jwtVerify, type JWTPayload } from 'jose';

import type { Clock } from '../../lib/clock';
import { Problem } from '../../http/problem';
import type { Caller } from '../caller';
import { isRole, type Role } from '../roles';
import { unauthorized } from '../unauthorized';
import type { RemoteKeys } from './jwks';

/** How far issuers' clocks may be off, in seconds. */
const LEEWAY_SECONDS = 30;
/** Only algorithms that sign with a private key: none with a shared secret, and never `none`. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
];
const LONGEST_USER = 255;
const CONTROL = /\p{Cc}/u;

/** What a token must say to be accepted, and where it names roles and user. */
export interface TokenRules {
  readonly issuer: string;
  readonly audience: string;
  /** The claim with a role or a list of them: its name, or a path with dots. */
  readonly rolesClaim: string;
  /** The claim that names the user. */
  readonly userClaim: string;
}

/** Finds out who holds a JSON Web Token, by its issuer's keys. */
export class Tokens {
  constructor(
    private readonly keys: Pick<RemoteKeys, 'find'>,
    private readonly rules: TokenRules,
    private readonly clock: Clock,
  ) {}

  /** Rejects with Problem `unauthorized` if the token is not accepted, `store_unavailable` if it can't be checked. */
  async callerOf(token: string): Promise<Caller> {
    const { issuer, audience, rolesClaim, userClaim } = this.rules;
    const { payload } = await jwtVerify(token, this.keys.find, {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      requiredClaims: ['exp'],
      clockTolerance: LEEWAY_SECONDS,
      currentDate: new Date(this.clock.now()),
    }).catch((error: unknown) => {
      throw error instanceof Problem ? error : unauthorized(reasonOf(error));
    });
    const user = userOf(payload[userClaim], userClaim);
    return {
      id: JSON.stringify(['token', issuer, user]),
      author: user,
      roles: rolesOf(claimOf(payload, rolesClaim)),
      source: null,
      userId: user,
    };
  }
}

function userOf(value: unknown, claim: string): string {
  if (typeof value === 'string' && value !== '' && value.length <= LONGEST_USER) {
    if (!CONTROL.test(value) && value.isWellFormed()) return value;
  }
  throw unauthorized(`The token's claim ${claim} must be a string that names a user.`);
}

/**
 * Returns the claim at a path with dots. First tries the path as one name: names of claims may contain dots, as
 * addresses do.
 */
function claimOf(payload: JWTPayload, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name];
  let value: unknown = payload;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part))
      return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

/** Returns the roles in a claim. Ignores those of other programs. */
function rolesOf(claim: unknown): readonly Role[] {
  const named: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  return named.filter(isRole);
}

/** Returns why a token is refused, for its holder. Reveals nothing that is not in the token. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'The token expired.';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return `The token's claim ${error.claim} is wrong${error.claim === 'nbf' ? ' or not valid yet' : ''}.`;
  }
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return `Tokens must be signed with one of ${ALGORITHMS.join(', ')}.`;
  }
  if (error instanceof errors.JWKSNoMatchingKey) {
    return 'The token is signed with a key that its issuer does not have.';
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return "The token's signature is wrong.";
  }
  return 'This is not a valid token.';
}
