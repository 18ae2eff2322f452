import type { Get } from './paths';

/** Where spans go. */
export interface TracingChoice {
  /** The address that receives OTLP over HTTP; it may contain a token. */
  readonly url: string;
  readonly serviceName: string;
}

/** OpenTelemetry's variables that are read here. Its exporter reads headers and timeouts itself. */
export const TRACING_VARIABLES = {
  disabled: 'OTEL_SDK_DISABLED',
  exporter: 'OTEL_TRACES_EXPORTER',
  endpoint: 'OTEL_EXPORTER_OTLP_ENDPOINT',
  tracesEndpoint: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  serviceName: 'OTEL_SERVICE_NAME',
} as const;

const LOCAL = 'http://127.0.0.1:4318';

/** Reads whether requests are traced, in OpenTelemetry's terms; `undefined` = they are not. */
export function readTracing(
  names: Readonly<Record<keyof typeof TRACING_VARIABLES, string>>,
  get: Get,
  mistakes: string[],
): TracingChoice | undefined {
  const exporter = get(names.exporter);
  if (exporter !== undefined && exporter !== 'otlp' && exporter !== 'none') {
    mistakes.push(`${names.exporter} is "${exporter}": it must be otlp or none.`);
  }
  const given = get(names.tracesEndpoint);
  const base = get(names.endpoint);
  const isWanted = exporter === 'otlp' || given !== undefined || base !== undefined;
  if (!isWanted || exporter === 'none' || get(names.disabled)?.toLowerCase() === 'true') {
    return undefined;
  }
  const named = given === undefined ? names.endpoint : names.tracesEndpoint;
  const url = given ?? `${(base ?? LOCAL).replace(/\/+$/, '')}/v1/traces`;
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) {
    // Do not quote the address: it may contain a token.
    mistakes.push(`${named} must be an address such as http://127.0.0.1:4318.`);
  }
  return { url, serviceName: get(names.serviceName) ?? 'minutebook' };
}
