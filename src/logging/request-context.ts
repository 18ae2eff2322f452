import { AsyncLocalStorage } from 'node:async_hooks';

import type { Span } from '@opentelemetry/api';

/** The request that log lines name while it is being answered, and its span. */
export interface RequestContext {
  readonly requestId: string;
  /** The W3C trace that the request is part of, 32 hex digits; `undefined` if there is none. */
  readonly traceId: string | undefined;
  /** The request's OpenTelemetry span. */
  readonly span?: Span;
}

/** The request that is being answered. */
export const requestContext = new AsyncLocalStorage<RequestContext>();
