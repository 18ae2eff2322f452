import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Span,
} from '@opentelemetry/api';

import { requestContext } from '../logging/request-context';
import { readTraceparent } from './traceparent';

/** Begins a request's span, as a child of the span in `traceparent`. Records nothing if tracing is off. */
export function beginSpan(method: string, traceparent: string | undefined): Span {
  const parent = readTraceparent(traceparent);
  const context =
    parent === undefined
      ? ROOT_CONTEXT
      : trace.setSpanContext(ROOT_CONTEXT, {
          traceId: parent.traceId,
          spanId: parent.parentId,
          traceFlags: parent.isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
          isRemote: true,
        });
  const attributes = { 'http.request.method': method };
  return trace
    .getTracer('minutebook')
    .startSpan(method, { kind: SpanKind.SERVER, attributes }, context);
}

/** Ends the span. @param route as declared. @param status `undefined` if the client left before the answer. */
export function endSpan(span: Span, method: string, route: string, status?: number): void {
  if (!span.isRecording()) return;
  span.updateName(`${method} ${route}`);
  span.setAttribute('http.route', route);
  if (status !== undefined) span.setAttribute('http.response.status_code', status);
  if (status !== undefined && status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

/** Returns the parent context for new spans of the request that is being answered. */
export function contextOfRequest(): Context {
  const span = requestContext.getStore()?.span;
  return span === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, span);
}
