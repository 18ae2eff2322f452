/**
 * An OpenID provider in a process of its own, because its package is an ES module, which jest does not load. Its page
 * asks for a name, and believes whatever is typed. Prints a line once it listens.
 */
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';

import { Provider } from 'oidc-provider';

const { port, console: home, audience, accounts } = JSON.parse(process.argv[2]);
const issuer = `http://127.0.0.1:${port}`;
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const key = { ...privateKey.export({ format: 'jwk' }), kid: 'first', alg: 'ES256', use: 'sig' };

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'console',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      redirect_uris: [home],
      id_token_signed_response_alg: 'ES256',
    },
  ],
  jwks: { keys: [key] },
  cookies: { keys: ['of a test'] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  clientBasedCORS: (_, origin) => origin === new URL(home).origin,
  extraTokenClaims: (_, token) => ({ roles: accounts[token.accountId].roles }),
  interactions: { url: (_, { uid }) => `/who/${uid}` },
  features: {
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (context) => ({
        scope: '',
        audience,
        accessTokenFormat: 'jwt',
        accessTokenTTL:
          accounts[context.oidc.entities.AuthorizationCode?.accountId]?.seconds ?? 600,
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
  // Grants access without asking the person.
  loadExistingGrant: async ({ oidc }) => {
    const grant = new oidc.provider.Grant({
      clientId: oidc.client.clientId,
      accountId: oidc.session.accountId,
    });
    grant.addOIDCScope('openid');
    await grant.save();
    return grant;
  },
});

const form = (uid) => `<!doctype html><html lang="en"><title>Who are you?</title>
<form action="/who/${uid}" method="post"><label>Name <input name="name"></label>
<button>Go on</button><button name="deny" value="yes">Deny</button></form></html>`;

const server = createServer(async (request, response) => {
  const [, uid] = /^\/who\/([\w-]+)/.exec(request.url) ?? [];
  if (uid === undefined) return provider.callback()(request, response);
  if (request.method === 'GET') {
    return response.setHeader('content-type', 'text/html; charset=utf-8').end(form(uid));
  }
  let body = '';
  for await (const chunk of request) body += chunk;
  const said = new URLSearchParams(body);
  await provider.interactionFinished(
    request,
    response,
    said.has('deny')
      ? { error: 'access_denied', error_description: 'The person said no.' }
      : { login: { accountId: said.get('name') } },
  );
});
server.listen(port, '127.0.0.1', () => console.log('listens'));
