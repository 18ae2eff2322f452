import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { TlsFolder } from '../../test/support/tls-server';
import { readConfig, type ConfigError } from './config';

const mistakesOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readConfig(environment, 0);
    return [];
  } catch (error) {
    return (error as ConfigError).mistakes;
  }
};
const JWKS = { JWKS_URL: 'https://a.test/jwks', JWT_ISSUER: 'https://a.test', JWT_AUDIENCE: 'm' };

describe('the configuration of tokens', () => {
  it('has default claims, and can be passed to a thread', () => {
    const { tokens } = structuredClone(readConfig(JWKS, 0));
    expect(tokens).toEqual({
      jwksUrl: 'https://a.test/jwks',
      issuer: 'https://a.test',
      audience: 'm',
      rolesClaim: 'roles',
      userClaim: 'sub',
    });
    expect(readConfig({}, 0).tokens).toBeUndefined();
  });

  it.each([
    [{ JWKS_URL: 'https://a.test/jwks' }, 'JWKS_URL without JWT_ISSUER and JWT_AUDIENCE'],
    [{ JWT_ISSUER: 'x', JWT_ROLES_CLAIM: 'r' }, 'JWT_ISSUER, JWT_ROLES_CLAIM without JWKS_URL'],
    [{ ...JWKS, JWKS_URL: 'a.test' }, 'JWKS_URL must be an address'],
    [{ ...JWKS, JWKS_URL: 'http://a.test/' }, 'JWKS_URL must be https'],
    [{ ...JWKS, JWKS_URL: 'https://u:p@a.test/' }, 'JWKS_URL has a user or a password'],
  ])('is refused in one sentence: %j', (environment, says) => {
    const [mistake, ...more] = mistakesOf(environment);
    expect(mistake).toContain(says);
    expect(more).toEqual([]);
  });
});

describe('the configuration of TLS', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'minutebook-tls-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is two files that belong together', () => {
    const { certificate, key } = new TlsFolder(folder);
    const { tls } = readConfig({ TLS_CERT_FILE: certificate, TLS_KEY_FILE: key }, 0);
    expect(tls).toEqual({ certificate, key });
  });

  it.each(['TLS_CERT_FILE', 'TLS_KEY_FILE'])('is not %s alone', (name) => {
    const other = name === 'TLS_CERT_FILE' ? 'TLS_KEY_FILE' : 'TLS_CERT_FILE';
    expect(mistakesOf({ [name]: 'x' })).toEqual([
      `${name} without ${other}: TLS needs both files.`,
    ]);
  });

  it('is not files that are missing or hold something else', () => {
    const { certificate } = new TlsFolder(folder);
    const none = join(folder, 'none.pem');
    expect(mistakesOf({ TLS_CERT_FILE: certificate, TLS_KEY_FILE: none })[0]).toMatch(/ENOENT/);
    const text = join(folder, 'text.pem');
    writeFileSync(text, 'x');
    expect(mistakesOf({ TLS_CERT_FILE: certificate, TLS_KEY_FILE: text })[0]).toMatch(
      /^TLS_CERT_FILE and TLS_KEY_FILE can't be used together: /,
    );
  });
});

describe('TRUST_PROXY', () => {
  it.each([
    ['1', 1],
    ['16', 16],
    ['127.0.0.1', ['127.0.0.1']],
    ['10.0.0.0/8, fd00::/8,loopback', ['10.0.0.0/8', 'fd00::/8', 'loopback']],
  ])('may be %s', (TRUST_PROXY, read) => {
    expect(readConfig({ TRUST_PROXY }, 0).trustProxy).toEqual(read);
  });

  it.each(['0', '17', 'true', '*', '0.0.0.0/0', '10.0.0.0/33', '10.0.0.1/8/8', 'proxy.test', ','])(
    'is not %s',
    (TRUST_PROXY) => {
      expect(mistakesOf({ TRUST_PROXY })).toEqual([expect.stringContaining('TRUST_PROXY is ')]);
    },
  );
});

describe('the rate limits', () => {
  it('have default values, and 0 for none', () => {
    expect(readConfig({}, 0).rateLimits.costly).toBe(1_200);
    expect(readConfig({ RATE_LIMIT_COSTLY: '0' }, 0).rateLimits.costly).toBe(0);
  });

  it.each(['-1', '1.5', 'many', '1000000000'])('are not %s', (RATE_LIMIT_READER) => {
    expect(mistakesOf({ RATE_LIMIT_READER })).toEqual([
      expect.stringContaining('RATE_LIMIT_READER is '),
    ]);
  });
});
