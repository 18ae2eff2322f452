import { createRequire } from 'node:module';

import { trace } from '@opentelemetry/api';
import type * as Exporter from '@opentelemetry/exporter-trace-otlp-http';
import type * as Resources from '@opentelemetry/resources';
import type * as Sdk from '@opentelemetry/sdk-trace-base';

import type { TracingChoice } from '../config/tracing';
import { waitAtMost } from '../lib/wait-at-most';

/** How long the last spans may take to be sent. */
const CLOSE_MS = 2_000;

/** Loaded only if spans are wanted: it takes memory, and time at the start. */
const load = createRequire(__filename);

/**
 * Has spans sent to a collector, in the background.
 * @returns what sends the last of them and ends it.
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
    // A collector that is away keeps nobody from stopping.
    await waitAtMost(CLOSE_MS, provider.shutdown());
  };
}
