import * as oauth from 'oauth4webapi';

import { Refused } from '../answer';
import { keepPending, type Arrival } from './pending';
import { hostOf, type Provider } from './ways';
import { t } from '../../i18n/language';

/** The access token that the provider granted. */
export interface Granted {
  readonly token: string;
  /** Its lifetime in seconds; `undefined` if the provider does not say. */
  readonly seconds: number | undefined;
}

/** The address the provider sends people back to. It must be registered there exactly as written. */
const redirectUri = () => new URL('.', location.origin + location.pathname).href;

/** Leaves for the provider, which sends the person back to the current page. */
export async function leaveFor(provider: Provider): Promise<void> {
  const pending = {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
    back: location.hash,
  };
  const address = new URL(provider.metadata.authorization_endpoint);
  const asked = {
    ...provider.parameters,
    client_id: provider.client_id,
    response_type: 'code',
    redirect_uri: redirectUri(),
    scope: provider.scope,
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value);
  keepPending(pending);
  location.assign(address);
}

/**
 * Exchanges the code that came back for an access token.
 * @throws Refused with what to do.
 */
export async function tokenFor(
  provider: Provider,
  { parameters, pending }: Arrival,
): Promise<Granted> {
  const host = hostOf(provider.issuer);
  if (pending === undefined || parameters.get('state') !== pending.state) {
    throw refused(
      t('This sign-in was not started in this tab, or was already used. Sign in again.'),
    );
  }
  const client: oauth.Client = { client_id: provider.client_id };
  try {
    const checked = oauth.validateAuthResponse(
      provider.metadata,
      client,
      parameters,
      pending.state,
    );
    const response = await oauth.authorizationCodeGrantRequest(
      provider.metadata,
      client,
      oauth.None(),
      checked,
      redirectUri(),
      pending.verifier,
      {
        additionalParameters: provider.parameters,
        // The service accepts an http: address only on its own machine.
        [oauth.allowInsecureRequests]: provider.metadata.token_endpoint.startsWith('http:'),
      },
    );
    const { access_token, expires_in } = await oauth.processAuthorizationCodeResponse(
      provider.metadata,
      client,
      response,
      { expectedNonce: pending.nonce, requireIdToken: true },
    );
    return { token: access_token, seconds: expires_in };
  } catch (error) {
    throw refused(reasonOf(error, host));
  }
}

const refused = (detail: string) => new Refused(401, 'sign_in_failed', detail);

/** Says what went wrong between here and the provider, and what to do about it. */
function reasonOf(error: unknown, host: string): string {
  if (
    error instanceof oauth.AuthorizationResponseError ||
    error instanceof oauth.ResponseBodyError
  ) {
    if (error.error === 'access_denied') {
      return t(
        '{0} did not let you in, or you cancelled. Ask whoever runs it, or try again.',
        host,
      );
    }
    return t('{0} refused: {1}', host, error.error_description ?? error.error);
  }
  if (error instanceof oauth.OperationProcessingError) {
    if (error.code === oauth.JWT_TIMESTAMP_CHECK) {
      return t(
        'The clocks of this computer and of {0} are more than 30 seconds apart. Set this computer’s clock, then sign in again.',
        host,
      );
    }
    return t('What {0} answered does not belong to this sign-in ({1}).', host, error.message);
  }
  // fetch throws this both if the network fails and if the page may not read the answer (CORS).
  if (error instanceof TypeError) {
    return t(
      '{0} can’t be reached from this page. If this persists, it must allow requests (CORS) from {1}.',
      host,
      location.origin,
    );
  }
  return t('{0} refused: {1}', host, error instanceof Error ? error.message : String(error));
}
