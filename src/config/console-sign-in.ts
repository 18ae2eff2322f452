import type { Get } from './paths';
import { isNear } from './tokens';

/**
 * How people sign in to the console through an OpenID provider: as a public client, with an authorization code and
 * PKCE.
 */
export interface ConsoleSignIn {
  readonly clientId: string;
  /** The provider's exact issuer identifier; its discovery document is below it. */
  readonly issuer: string;
  /** Scopes, separated by spaces. */
  readonly scope: string;
  /** Parameters beyond the standard that the provider needs, such as `audience` or `resource`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The claim of the access token that names the user. */
  readonly userClaim: string;
}

/** The names of the variables, for messages. */
interface Names {
  readonly clientId: string;
  readonly issuer: string;
  readonly scope: string;
  readonly parameters: string;
}

interface TokenNames {
  readonly jwks: string;
  readonly issuer: string;
  readonly user: string;
}

/** The characters that RFC 6749 allows in a client id and in a scope's name. */
const PRINTABLE = /^[\x20-\x7e]{1,255}$/;
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/;
/** Parameters that the console sets itself. */
const OWN = new Set([
  'client_id',
  'code',
  'code_challenge',
  'code_challenge_method',
  'code_verifier',
  'grant_type',
  'nonce',
  'redirect_uri',
  'response_mode',
  'response_type',
  'scope',
  'state',
]);

/** Reads how people sign in to the console; `undefined` if that is not set up. */
export function readConsoleSignIn(
  names: Names,
  tokens: TokenNames,
  get: Get,
  mistakes: string[],
): ConsoleSignIn | undefined {
  const clientId = get(names.clientId);
  if (clientId === undefined) {
    const others = [names.issuer, names.scope, names.parameters].filter(
      (name) => get(name) !== undefined,
    );
    if (others.length > 0) {
      mistakes.push(
        `${others.join(', ')} without ${names.clientId}: set it to the client id that the issuer has for the console.`,
      );
    }
    return undefined;
  }
  if (get(tokens.jwks) === undefined) {
    mistakes.push(
      `${names.clientId} without ${tokens.jwks}: the service would not accept the tokens that people sign in with.`,
    );
    return undefined;
  }
  if (!PRINTABLE.test(clientId)) {
    mistakes.push(`${names.clientId} must have at most 255 characters, printable ASCII ones.`);
  }
  return {
    clientId,
    issuer: readIssuer(names, tokens, get, mistakes),
    scope: readScope(names.scope, get(names.scope) ?? 'openid', mistakes),
    parameters: readParameters(names.parameters, get(names.parameters) ?? '', mistakes),
    userClaim: get(tokens.user) ?? 'sub',
  };
}

function readIssuer(names: Names, tokens: TokenNames, get: Get, mistakes: string[]): string {
  const own = get(names.issuer);
  const value = own ?? get(tokens.issuer);
  // The check of the tokens' settings reports a missing issuer.
  if (value === undefined) return '';
  const name =
    own === undefined ? `${tokens.issuer}, from which ${names.issuer} is taken,` : names.issuer;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isPlain = url?.protocol === 'http:' && isNear(url.hostname);
  if (url === undefined || (url.protocol !== 'https:' && !isPlain)) {
    mistakes.push(
      `${name} must be an https: address; the issuer must serve /.well-known/openid-configuration below it. http: is accepted only on this machine.`,
    );
  } else if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    mistakes.push(
      `${name} must be an address without a user, a password, a query (?) or a fragment (#).`,
    );
  }
  return value;
}

function readScope(name: string, scope: string, mistakes: string[]): string {
  if (!SCOPE.test(scope) || !scope.split(' ').includes('openid')) {
    mistakes.push(
      `${name} is "${scope}": it must be openid, or names with a space between and openid among them.`,
    );
  }
  return scope;
}

/** Reads parameters in the form of a query: `audience=minutebook&prompt=login`. */
function readParameters(name: string, text: string, mistakes: string[]): Record<string, string> {
  const pairs = [...new URLSearchParams(text)];
  const wrong = pairs.find(([key, value], index) => {
    const isTwice = pairs.findIndex(([other]) => other === key) !== index;
    return key === '' || value === '' || isTwice || OWN.has(key);
  });
  if (wrong !== undefined) {
    mistakes.push(
      `${name} has "${wrong[0]}" without a value, twice, or although the console sets it itself: write name=value, with & between.`,
    );
  }
  return Object.fromEntries(pairs);
}
