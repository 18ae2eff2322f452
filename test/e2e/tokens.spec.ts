import { generateKeyPairSync } from 'node:crypto';

import { SignJWT } from 'jose';

import { Issuer, type TokenOrder } from '../support/issuer';
import { completed, TestService, type Problem } from '../support/service';

const PATH = '/v1/users/ann/usage-summary';

describe('the tokens of an issuer', () => {
  let issuer: Issuer;
  let service: TestService;
  beforeAll(async () => {
    issuer = await Issuer.start();
    service = await TestService.start({ environment: issuer.environment });
  });
  afterAll(async () => {
    await service.close();
    await issuer.stop();
  });

  const answer = async (token: string, path = PATH) => {
    const { status, body } = await service.as(token).get<Problem>(path);
    return { status, code: body.code, detail: body.detail };
  };

  it('let a reader see the user that they name, and nobody else', async () => {
    const token = await issuer.token('ann', ['reader', 'of-another-program']);
    expect((await answer(token)).status).toBe(200);
    expect(await answer(token, '/v1/users/bob/usage-summary')).toMatchObject({ status: 403 });
    expect(await answer(token, '/v1/rate-cards')).toMatchObject({ status: 403 });
  });

  it.each([
    ['reader', PATH, 200],
    [['finance'], '/v1/users/bob/usage-summary', 200],
    [['finance'], '/v1/keys', 403],
    [['admin'], '/v1/keys', 200],
    [['producer'], PATH, 403],
    [['root'], PATH, 403],
    [undefined, PATH, 403],
    [{ admin: true }, '/v1/keys', 403],
  ])('with the roles %j get for %s the status %i', async (roles, path, status) => {
    expect((await answer(await issuer.token('ann', roles), path)).status).toBe(status);
  });

  it('name the author of what finance writes, and let a producer send events', async () => {
    const worker = service.as(await issuer.token('a-worker', 'producer'));
    expect((await worker.one(completed())).status).toBe(201);
    const maria = service.as(await issuer.token('maria@example.com', 'finance'));
    const order = { user_id: 'ann', period: '2026-10', amount_cents: 5, reason: 'x' };
    const { status, body } = await maria.write('POST', '/v1/adjustments', order);
    expect([status, body['author']]).toEqual([201, 'maria@example.com']);
  });

  it.each<readonly [string, TokenOrder, string]>([
    ['is from another issuer', { issuer: 'https://other.test' }, 'claim iss'],
    ['is for another program', { audience: 'other' }, 'claim aud'],
    ['expired', { expires: -60 }, 'expired'],
    ['is not valid yet', { notBefore: 60 }, 'claim nbf is wrong or not valid yet'],
  ])('are refused if one %s', async (_, order, says) => {
    const { status, code, detail } = await answer(await issuer.token('ann', 'reader', order));
    expect([status, code]).toEqual([401, 'unauthorized']);
    expect(detail).toContain(says);
  });

  it('may be off by a few seconds', async () => {
    expect((await answer(await issuer.token('ann', 'reader', { expires: -10 }))).status).toBe(200);
    expect((await answer(await issuer.token('ann', 'reader', { notBefore: 10 }))).status).toBe(200);
  });

  it('are refused if they are changed, unsigned, or signed with a secret or an unknown key', async () => {
    const [head, , signature] = (await issuer.token('ann', 'reader')).split('.');
    const body = Buffer.from(JSON.stringify({ sub: 'ann', roles: 'admin' })).toString('base64url');
    expect(await answer(`${head}.${body}.${signature}`)).toMatchObject({
      status: 401,
      detail: expect.stringContaining('signature is wrong') as string,
    });
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    expect((await answer(`${none}.${body}.`)).status).toBe(401);
    const claims = new SignJWT({ roles: 'admin' })
      .setSubject('ann')
      .setIssuer(Issuer.NAME)
      .setAudience(Issuer.AUDIENCE)
      .setExpirationTime('5m');
    const secret = await claims
      .setProtectedHeader({ alg: 'HS256', kid: 'first' })
      .sign(Buffer.alloc(32));
    expect((await answer(secret)).detail).toContain('Tokens must be signed with one of');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const foreign = await claims.setProtectedHeader({ alg: 'ES256', kid: 'x' }).sign(privateKey);
    expect(await answer(foreign)).toMatchObject({ status: 401 });
  });

  it('do not stop API keys from working', async () => {
    expect((await service.get(PATH)).status).toBe(200);
  });
});

describe('the keys of an issuer', () => {
  let issuer: Issuer;
  let service: TestService;
  beforeEach(async () => (issuer = await Issuer.start()));
  afterEach(async () => {
    await service.close();
    await issuer.stop();
  });
  const start = async (more: Record<string, string> = {}) =>
    (service = await TestService.start({ environment: { ...issuer.environment, ...more } }));
  const status = async (token: string, path = PATH) =>
    (await service.as(token).get<Problem>(path)).status;

  it('are fetched once, not with every request', async () => {
    await start();
    const token = await issuer.token('ann', 'reader');
    for (let times = 0; times < 20; times += 1) expect(await status(token)).toBe(200);
    expect(issuer.asked).toBe(1);
  });

  it('are fetched again when a token has a new one, at most every ten seconds', async () => {
    await start();
    await issuer.addKey('second', 'RS256');
    issuer.removeKey('first');
    const token = await issuer.token('ann', 'reader', { keyId: 'second' });
    const began = Date.now();
    while ((await status(token)) === 401 && Date.now() - began < 15_000) {
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    expect(await status(token)).toBe(200);
    expect(issuer.asked).toBe(2);
  });

  it('stay in use while their address does not answer', async () => {
    await start();
    const token = await issuer.token('ann', 'reader');
    await issuer.stop();
    expect(await status(token)).toBe(200);
  });

  it('are awaited if their address did not answer at the start: 503, while API keys work', async () => {
    await issuer.stop();
    await start();
    const token = await issuer.token('ann', 'reader');
    const refused = await service.as(token).get<Problem>(PATH);
    expect([refused.status, refused.body.code]).toEqual([503, 'store_unavailable']);
    expect((await service.get(PATH)).status).toBe(200);
  });

  it('work with the claim names of the configuration', async () => {
    await start({ JWT_ROLES_CLAIM: 'realm_access.roles', JWT_USER_CLAIM: 'preferred_username' });
    const claims = { realm_access: { roles: ['reader'] }, preferred_username: 'ann' };
    expect(await status(await issuer.token('x', undefined, { claims }))).toBe(200);
    expect(await status(await issuer.token('ann', 'reader'))).toBe(401);
  });
});

describe('a JWKS_URL that answers something else', () => {
  it.each([
    ['<html>', 'it is not JSON'],
    ['{}', 'it has no list of keys'],
    ['{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}', 'none of its keys is public'],
  ])('keeps the service from starting: %s', async (body, says) => {
    const issuer = await Issuer.start();
    issuer.body = body;
    await expect(TestService.start({ environment: issuer.environment })).rejects.toThrow(
      `JWKS_URL does not return a JSON Web Key Set: ${says}`,
    );
    await issuer.stop();
  });
});
