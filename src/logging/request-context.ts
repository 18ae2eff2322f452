import { AsyncLocalStorage } from 'node:async_hooks';

import type { Span } from '@opentelemetry/api';

/** A request, as the lines of the JSON log that are written during it name it, and its span. */
export interface RequestContext {
  readonly requestId: string;
  /** The W3C trace that the request is part of, 32 hex digits; `undefined` if there is none. */
  readonly traceId: string | undefined;
  /** The request's OpenTelemetry span. */
  readonly span?: Span;
}

/** The request that is being answered. */
export const requestContext = new AsyncLocalStorage<RequestContext>();
