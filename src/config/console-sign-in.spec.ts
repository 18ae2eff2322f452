import { readConfig, type ConfigError } from './config';

const JWKS = { JWKS_URL: 'https://a.test/jwks', JWT_ISSUER: 'https://a.test', JWT_AUDIENCE: 'm' };
const CLIENT = { ...JWKS, CONSOLE_OIDC_CLIENT_ID: 'console' };

const mistakesOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readConfig(environment, 0);
    return [];
  } catch (error) {
    return (error as ConfigError).mistakes;
  }
};

describe("the configuration of the console's sign-in", () => {
  it('needs nothing but a client id, besides what tokens need', () => {
    expect(readConfig(CLIENT, 0).consoleSignIn).toEqual({
      clientId: 'console',
      issuer: 'https://a.test',
      scope: 'openid',
      parameters: {},
      userClaim: 'sub',
    });
    expect(readConfig(JWKS, 0).consoleSignIn).toBeUndefined();
  });

  it('may name another issuer, more scopes, and parameters that the issuer needs', () => {
    const { consoleSignIn } = readConfig(
      {
        ...CLIENT,
        JWT_USER_CLAIM: 'email',
        CONSOLE_OIDC_ISSUER: 'http://127.0.0.1:8080/realms/a',
        CONSOLE_OIDC_SCOPE: 'openid api://minutebook/.default',
        CONSOLE_OIDC_PARAMETERS: 'audience=minutebook&resource=https%3A%2F%2Fm.test',
      },
      0,
    );
    expect(consoleSignIn).toEqual({
      clientId: 'console',
      issuer: 'http://127.0.0.1:8080/realms/a',
      scope: 'openid api://minutebook/.default',
      parameters: { audience: 'minutebook', resource: 'https://m.test' },
      userClaim: 'email',
    });
  });

  it.each([
    [{ CONSOLE_OIDC_CLIENT_ID: 'x' }, 'CONSOLE_OIDC_CLIENT_ID without JWKS_URL'],
    [{ CONSOLE_OIDC_SCOPE: 'openid' }, 'CONSOLE_OIDC_SCOPE without CONSOLE_OIDC_CLIENT_ID'],
    [{ ...CLIENT, CONSOLE_OIDC_CLIENT_ID: 'consöle' }, 'CONSOLE_OIDC_CLIENT_ID must have at most'],
    [{ ...CLIENT, JWT_ISSUER: 'a' }, 'JWT_ISSUER, from which CONSOLE_OIDC_ISSUER is taken, must'],
    [{ ...CLIENT, CONSOLE_OIDC_ISSUER: 'http://a.test' }, 'CONSOLE_OIDC_ISSUER must be an https:'],
    [{ ...CLIENT, CONSOLE_OIDC_ISSUER: 'https://u:p@a.test' }, 'without a user, a password'],
    [{ ...CLIENT, CONSOLE_OIDC_ISSUER: 'https://a.test?x=1' }, 'CONSOLE_OIDC_ISSUER must be an'],
    [{ ...CLIENT, CONSOLE_OIDC_SCOPE: 'profile' }, 'CONSOLE_OIDC_SCOPE is "profile"'],
    [{ ...CLIENT, CONSOLE_OIDC_SCOPE: 'openid  a' }, 'CONSOLE_OIDC_SCOPE is "openid  a"'],
    [{ ...CLIENT, CONSOLE_OIDC_PARAMETERS: 'audience' }, 'CONSOLE_OIDC_PARAMETERS has "audience"'],
    [{ ...CLIENT, CONSOLE_OIDC_PARAMETERS: 'a=1&a=2' }, 'CONSOLE_OIDC_PARAMETERS has "a"'],
    [{ ...CLIENT, CONSOLE_OIDC_PARAMETERS: 'state=1' }, 'CONSOLE_OIDC_PARAMETERS has "state"'],
  ])('is refused in one sentence: %j', (environment, says) => {
    const [mistake, ...more] = mistakesOf(environment);
    expect(mistake).toContain(says);
    expect(more).toEqual([]);
  });
});
