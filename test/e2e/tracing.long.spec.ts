import { mkdtempSync, rmSync } from 'node:fs';
import { request as send } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Collector } from '../support/collector';
import { eventually, pause } from '../support/eventually';
import { keysOf } from '../support/keys';
import { build, ServingProcess } from '../support/process';
import { BATCH, completed } from '../support/service';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';

describe('the service, traced by OpenTelemetry', () => {
  let dataDir: string;
  let collector: Collector;
  let service: ServingProcess | undefined;

  const start = async (environment: Readonly<Record<string, string>>) => {
    service = await ServingProcess.start(dataDir, {
      OTEL_BSP_SCHEDULE_DELAY: '50',
      ...environment,
    });
    return service;
  };
  const post = async (traceparent?: string) => {
    const events = [completed({ user_id: 'secret-user', session_id: `s-${Math.random()}` })];
    const answer = await service!.fetch('/v1/events', {
      method: 'POST',
      headers: { 'content-type': BATCH, ...(traceparent === undefined ? {} : { traceparent }) },
      body: JSON.stringify(events),
    });
    expect(answer.status).toBe(200);
    await answer.text();
  };
  const named = (name: string, traceId: string) =>
    collector.spans.filter((span) => span.name === name && span.traceId === traceId);

  beforeAll(() => build(), 120_000);
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'minutebook-traced-'));
    collector = await Collector.start();
  });
  afterEach(async () => {
    await service?.kill();
    await collector.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('sends the spans of one POST as one trace, from the request to the commit of its rows', async () => {
    await start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SERVICE_NAME: 'the-ledger' });
    await post(`00-${TRACE}-${PARENT}-01`);
    await eventually(() => named('commit rows', TRACE).length > 0);
    await eventually(() => named('POST /v1/events', TRACE).length > 0);
    const [request] = named('POST /v1/events', TRACE);
    const [record] = named('record facts', TRACE);
    const [append] = named('append', TRACE);
    const [commit] = named('commit rows', TRACE);
    expect(request!.parentSpanId).toBe(PARENT);
    expect(record!.parentSpanId).toBe(request!.spanId);
    expect(append!.parentSpanId).toBe(request!.spanId);
    expect(commit!.parentSpanId).toBe(record!.spanId);
    for (const { startTimeUnixNano, endTimeUnixNano } of [request!, record!, append!, commit!]) {
      expect(BigInt(endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(startTimeUnixNano));
    }
    expect([...collector.paths]).toEqual(['/v1/traces']);
    expect(collector.text).toContain('the-ledger');
    expect(collector.text).not.toContain('secret-user');
  });

  it('links the requests whose facts share a commit', async () => {
    await start({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/spans` });
    const traces = Array.from({ length: 20 }, (_, index) => `${TRACE.slice(0, 30)}${10 + index}`);
    await Promise.all(traces.map((trace) => post(`00-${trace}-${PARENT}-01`)));
    const joined = () => {
      const commits = collector.spans.filter(({ name }) => name === 'commit rows');
      const linked = commits.flatMap(({ links = [] }) => links.map((link) => link.traceId));
      return [...commits.map(({ traceId }) => traceId), ...linked].sort();
    };
    await eventually(() => joined().length >= traces.length);
    expect(joined()).toEqual(traces);
    expect([...collector.paths]).toEqual(['/spans']);
  });

  it('traces nothing that is not sampled, and nothing at all when switched off', async () => {
    await start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    await post(`00-${TRACE}-${PARENT}-00`);
    expect(await service!.stop()).toBe(0);
    expect(collector.spans.filter(({ traceId }) => traceId === TRACE)).toEqual([]);
    const before = collector.spans.length;
    await start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SDK_DISABLED: 'true' });
    await post();
    expect(await service!.stop()).toBe(0);
    expect(collector.spans).toHaveLength(before);
  });

  it('ends the span of a request whose client leaves before the answer', async () => {
    await start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    const headers = {
      authorization: `Bearer ${keysOf(dataDir).producer}`,
      'content-type': BATCH,
      traceparent: `00-${TRACE}-${PARENT}-01`,
    };
    const sent = send(`${service!.url}/v1/events`, { method: 'POST', headers });
    sent.on('error', () => undefined);
    sent.write('[');
    await pause(500);
    sent.destroy();
    await eventually(() => named('POST /v1/events', TRACE).length > 0);
    expect(named('POST /v1/events', TRACE)).toHaveLength(1);
  });

  it('serves as usual while the collector is down', async () => {
    const { url } = collector;
    await collector.close();
    collector = await Collector.start();
    await start({ OTEL_EXPORTER_OTLP_ENDPOINT: url });
    await post(`00-${TRACE}-${PARENT}-01`);
    expect(await service!.stop()).toBe(0);
  });
});
