import createClient from 'openapi-fetch';

import type { components, paths } from '../../../clients/typescript/src/reader/api';
import { credential } from './credential';
import { noteEnd } from './session';

export type { paths };

/** A schema of the API, by its name in the OpenAPI document. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

/** The client of the service that the console came from, typed by its OpenAPI document. */
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
