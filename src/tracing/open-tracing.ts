import { createRequire } from 'node:module';

import { trace } from '@opentelemetry/api';
import type * as Exporter from '@opentelemetry/exporter-trace-otlp-http';
import type * as Resources from '@opentelemetry/resources';
import type * as Sdk from '@opentelemetry/sdk-trace-base';

import type { TracingChoice } from '../config/tracing';
import { waitAtMost } from '../lib/wait-at-most';

/** How long sending the last spans may take, in milliseconds. */
const CLOSE_MS = 2_000;

/** Loaded only if spans are wanted, because it takes memory and start-up time. */
const load = createRequire(__filename);

/**
 * Sends spans to a collector, in the background.
 * @returns a function that sends the last spans and ends.
 */
export function openTracing({ url, serviceName }: TracingChoice): () => Promise<void> {
  const { BasicTracerProvider, BatchSpanProcessor } = load(
    '@opentelemetry/sdk-trace-base',
  ) as typeof Sdk;
  const { OTLPTraceExporter } = load('@opentelemetry/exporter-trace-otlp-http') as typeof Exporter;
  const { resourceFromAttributes } = load('@opentelemetry/resources') as typeof Resources;
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }))],
  });
  trace.setGlobalTracerProvider(provider);
  return async () => {
    trace.disable();
    // An unreachable collector must not keep the service from stopping.
    await waitAtMost(CLOSE_MS, provider.shutdown());
  };
}
