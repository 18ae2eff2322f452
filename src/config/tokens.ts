import { isLoopback } from './loopback';
import type { Get } from './paths';

/** Which tokens are accepted, if any. */
export interface TokensChoice {
  /** As text, because the configuration is passed to threads. */
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  readonly rolesClaim: string;
  readonly userClaim: string;
}

/** The names of the variables, for messages. */
interface Names {
  readonly jwks: string;
  readonly issuer: string;
  readonly audience: string;
  readonly roles: string;
  readonly user: string;
}

/** Reads whose tokens are accepted; `undefined` if none are. */
export function readTokens(names: Names, get: Get, mistakes: string[]): TokensChoice | undefined {
  const { jwks, issuer, audience, roles, user } = names;
  const others = [issuer, audience, roles, user].filter((name) => get(name) !== undefined);
  const address = get(jwks);
  if (address === undefined) {
    if (others.length > 0) {
      mistakes.push(`${others.join(', ')} without ${jwks}: name the address of the issuer's keys.`);
    }
    return undefined;
  }
  const missing = [issuer, audience].filter((name) => get(name) === undefined);
  if (missing.length > 0) {
    mistakes.push(
      `${jwks} without ${missing.join(' and ')}: without both, tokens that were made for other programs would be accepted.`,
    );
  }
  const jwksUrl = readAddress(jwks, address, mistakes);
  if (jwksUrl === undefined) return undefined;
  return {
    jwksUrl: jwksUrl.href,
    issuer: get(issuer) ?? '',
    audience: get(audience) ?? '',
    rolesClaim: get(roles) ?? 'roles',
    userClaim: get(user) ?? 'sub',
  };
}

function readAddress(name: string, value: string, mistakes: string[]): URL | undefined {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    mistakes.push(`${name} must be an address such as https://issuer.example/jwks.json.`);
    return undefined;
  }
  if (url.username !== '' || url.password !== '') {
    mistakes.push(
      `${name} has a user or a password: remove them, because an issuer's keys are public.`,
    );
  }
  if (url.protocol === 'http:' && !isNear(url.hostname)) {
    mistakes.push(
      `${name} must be https: over plain http, somebody on the way could insert their own keys. http is accepted only on this machine.`,
    );
  }
  return url;
}

/** Whether a host is this machine, where plain http is accepted. */
export function isNear(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return isLoopback(host);
}
