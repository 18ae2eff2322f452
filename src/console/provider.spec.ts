import type { ConsoleSignIn } from '../config/console-sign-in';
import { Provider } from './provider';

const CHOICE: ConsoleSignIn = {
  clientId: 'console',
  issuer: 'https://a.test/realm/',
  scope: 'openid',
  parameters: {},
  userClaim: 'sub',
};
const SAID = {
  issuer: 'https://a.test/realm/',
  authorization_endpoint: 'https://a.test/authorize',
  token_endpoint: 'https://tokens.a.test/token',
  code_challenge_methods_supported: ['plain', 'S256'],
  id_token_signing_alg_values_supported: ['ES256'],
  jwks_uri: 'https://a.test/keys',
};

describe('what an OpenID provider says of itself', () => {
  const reported: string[] = [];
  beforeEach(() => reported.splice(0));

  /** A provider that gives these answers in order, and counts its requests. */
  function provider(...answers: (() => Response)[]) {
    const asked: unknown[] = [];
    const fetch: typeof globalThis.fetch = (url) => {
      asked.push(url);
      const answer = answers[Math.min(asked.length, answers.length) - 1]!;
      return Promise.resolve().then(answer);
    };
    const report = (error: unknown) => reported.push((error as Error).message);
    return { provider: new Provider(CHOICE, report, fetch), asked };
  }
  const json = (body: unknown) => () => new Response(JSON.stringify(body));

  it('is read once, from below its issuer, and reduced to what the console needs', async () => {
    const { provider: one, asked } = provider(json(SAID));
    const [first, second] = await Promise.all([one.metadata(), one.metadata()]);
    expect(first).toEqual({
      issuer: SAID.issuer,
      authorization_endpoint: SAID.authorization_endpoint,
      token_endpoint: SAID.token_endpoint,
      id_token_signing_alg_values_supported: ['ES256'],
    });
    expect(second).toBe(first);
    expect(asked).toEqual(['https://a.test/realm/.well-known/openid-configuration']);
  });

  it.each([
    [
      json({ ...SAID, issuer: 'https://b.test' }),
      'does not name CONSOLE_OIDC_ISSUER as its issuer',
    ],
    [json({ ...SAID, code_challenge_methods_supported: ['plain'] }), 'not offer PKCE with S256'],
    [json({ ...SAID, token_endpoint: 'http://a.test/token' }), 'has no token_endpoint'],
    [json({ ...SAID, authorization_endpoint: undefined }), 'has no authorization_endpoint'],
    [json(null), 'does not name CONSOLE_OIDC_ISSUER as its issuer'],
    [() => new Response('<html>'), 'is not JSON'],
    [() => new Response('x'.repeat(300_000)), 'is larger than'],
    [() => new Response('', { status: 404 }), 'answers 404'],
  ])('is not accepted if it is wrong, which is reported once: %#', async (answer, says) => {
    const { provider: one, asked } = provider(answer);
    expect(await one.metadata()).toBeUndefined();
    expect(await one.metadata()).toBeUndefined();
    expect(reported).toEqual([expect.stringContaining(says)]);
    // Opening the page again and again must not make the service ask again and again.
    expect(asked).toHaveLength(1);
  });
});
