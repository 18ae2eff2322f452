import createClient from 'openapi-fetch';

import type { components, paths } from '../../../clients/typescript/src/reader/api';
import { credential } from './credential';
import { noteEnd } from './session';

export type { paths };

/** A thing that the service answers with or takes, by its name in the API's description. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

/** The service that the console came from. Paths, parameters and answers are those of its description. */
export const api = createClient<paths>({ baseUrl: location.origin, cache: 'no-store' });

api.use({
  onRequest({ request }) {
    request.headers.set('authorization', `Bearer ${credential()}`);
    return request;
  },
  onResponse({ response }) {
    if (response.status === 401) noteEnd();
  },
});
