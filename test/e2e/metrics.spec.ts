import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

import { codesThatRefuse } from '../../src/http/problem';
import { Metrics } from '../../src/metrics/metrics';
import { eventually } from '../support/eventually';
import { completed, TestService } from '../support/service';

const DEPLOY = join(__dirname, '../../deploy');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly annotations: Readonly<Record<string, string>>;
}

describe('the metrics', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await TestService.start({
      environment: { RATE_CARD_FILE: `${__dirname}/../fixtures/card-without-default.json` },
    });
  });
  afterAll(() => service.close());

  const scrape = async () => {
    const answer = await fetch(`${service.url}/metrics`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    return answer.text();
  };
  const value = (text: string, series: string) => {
    const line = text.split('\n').find((one) => one.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.slice(series.length + 1));
  };

  it('count verdicts, appends and requests, and say where the read model is', async () => {
    const event = completed({ stt_provider: 'google', user_id: 'secret-user' });
    const { status, body } = await service.batch([
      event,
      completed({ stt_provider: 'nobody' }),
      event,
    ]);
    await service.one({ ...completed(), type: 'nonsense' });
    await service.get(`/v1/users/ann/usage-logs?at_least=${body.position}`);
    const text = await scrape();
    const verdicts = (status: string, code: string) =>
      value(text, `minutebook_event_verdicts_total{status="${status}",code="${code}"}`);
    expect(verdicts('recorded', '')).toBe(2);
    expect(verdicts('duplicate', '')).toBe(1);
    expect(verdicts('rejected', 'unknown_type')).toBe(1);
    expect(value(text, 'minutebook_append_events_sum')).toBeGreaterThanOrEqual(2);
    expect(value(text, 'minutebook_ledger_head_position')).toBe(Number(body.position));
    expect(value(text, 'minutebook_read_model_behind_events')).toBe(0);
    expect(value(text, 'minutebook_read_model_behind_seconds')).toBe(0);
    expect(value(text, 'minutebook_queued_events')).toBe(0);
    const posts = `{method="POST",route="/v1/events",status="${status}"}`;
    expect(value(text, `minutebook_http_request_duration_seconds_count${posts}`)).toBe(1);
    expect(text).not.toContain('secret-user');
  });

  it('show what waits, soon after a request asks for it', async () => {
    await eventually(async () => {
      const text = await scrape();
      return value(text, 'minutebook_waiting_attempts{kind="unrated",currency="TWD"}') === 1;
    });
  });

  it('begin the count of each refusal at 0, so that an alert sees the first one', async () => {
    const text = await scrape();
    const begun = [...codesThatRefuse('event')].map((code) => [
      code,
      value(text, `minutebook_event_verdicts_total{status="rejected",code="${code}"}`),
    ]);
    expect(begun.length).toBeGreaterThan(10);
    expect(begun.filter(([, count]) => count !== 0)).toEqual([['unknown_type', 1]]);
  });

  it('are not shown to a request through a proxy', async () => {
    for (const name of ['x-forwarded-for', 'forwarded']) {
      const answer = await fetch(`${service.url}/metrics`, { headers: { [name]: '127.0.0.1' } });
      expect(answer.status).toBe(403);
    }
  });

  it('pass promtool', async () => {
    const text = await scrape();
    const found = spawnSync('promtool', ['--version']).error === undefined;
    if (!found) {
      // Without promtool, what it would check first: every series has one help text and one type.
      const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      const types = [...text.matchAll(/^# TYPE (\S+) /gm)].map((match) => match[1]!);
      expect(new Set(types).size).toBe(types.length);
      for (const line of series) {
        const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(line)![0];
        expect(types).toContain(
          types.includes(name) ? name : name.replace(/_(bucket|sum|count)$/, ''),
        );
      }
      return;
    }
    execFileSync('promtool', ['check', 'metrics'], { input: text });
  });
});

const METRICS = new Metrics(() => {
  throw new Error('Nobody asks.');
}).names();

describe('the page of metrics', () => {
  it('names each of ours, and no other', () => {
    const page = readFileSync(join(__dirname, '../../docs/how-to/watch-the-service.md'), 'utf8');
    const rows = page.split('\n').filter((line) => line.startsWith('| `minutebook_'));
    const named = rows.flatMap((row) => namesIn(row.split('|')[1]!));
    expect(named.sort()).toEqual(METRICS.filter((name) => name.startsWith('minutebook_')).sort());
  });

  /** `…_passes` after `minutebook_background_check_faults` has its last word replaced. */
  function namesIn(cell: string): string[] {
    const written = [...cell.matchAll(/`([a-z_…]+)(?:\{[a-z,]+\})?`/g)].map(([, name]) => name!);
    const beginning = written[0]!.replace(/_[a-z]+$/, '');
    return written.map((name) => name.replace('…', beginning));
  }
});

describe('the alert rules and the dashboard', () => {
  const known = new Set(
    METRICS.flatMap((name) => [name, `${name}_bucket`, `${name}_sum`, `${name}_count`]),
  );
  const files = readdirSync(DEPLOY, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /^(grafana|prometheus)\/.*\.(ya?ml|json)$/.test(name),
  );

  it('exist', () => {
    expect(files.sort()).toEqual(['grafana/minutebook.json', 'prometheus/alerts.yml']);
  });

  it.each(files)('name only metrics that exist: %s', (name) => {
    const text = readFileSync(join(DEPLOY, name), 'utf8');
    const named = [...text.matchAll(/\b(minutebook|nodejs|process)_[a-z0-9_]+/g)].map(
      ([one]) => one,
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((one) => !known.has(one))).toEqual([]);
  });

  it('name routes that exist, and never count the probes as refused requests', async () => {
    const text = readFileSync(join(DEPLOY, 'prometheus/alerts.yml'), 'utf8');
    const rules = [...text.matchAll(/\{route(=~|!~)"([^"]+)",status="503"\}/g)];
    expect(rules.length).toBe(text.split('status="503"').length - 1);
    const service = await TestService.start();
    const routes = service.service.routes.map((route) => route.split(' ')[1]!);
    await service.close();
    for (const [, operator, pattern] of rules) {
      // Prometheus matches the whole label.
      const pieces = pattern!.split('|').map((piece) => new RegExp(`^(?:${piece})$`));
      for (const piece of pieces)
        expect(routes.filter((route) => piece.test(route))).not.toEqual([]);
      const counts = pieces.some((piece) => piece.test('/health/ready')) === (operator === '=~');
      expect({ pattern, counts }).toEqual({ pattern, counts: false });
    }
  });

  const { groups } = parse(readFileSync(join(DEPLOY, 'prometheus/alerts.yml'), 'utf8')) as {
    readonly groups: readonly { readonly rules: readonly Rule[] }[];
  };
  const rules = groups.flatMap((group) => group.rules);

  it('tell of a burst: an alert on an increase does not wait until it is over', () => {
    const increasing = rules.filter(({ expr }) => expr.includes('increase('));
    expect(increasing.length).toBeGreaterThan(1);
    expect(increasing.filter((rule) => rule.for !== undefined)).toEqual([]);
  });

  it('tell of a fault that the background check found before a restart', () => {
    const onFaults = rules.filter(({ expr }) => expr.includes('check_faults'));
    expect(onFaults.map(({ expr }) => expr)).toEqual([
      'max_over_time(minutebook_background_check_faults[7d]) > 0',
    ]);
  });

  it('say in each alert what to do', () => {
    for (const { alert, expr, annotations } of rules) {
      expect(alert).toMatch(/^Minutebook[A-Z]/);
      expect(expr).not.toBe('');
      expect(annotations['summary']).toMatch(/\.$/);
      expect(annotations['description']).toMatch(/\.$/);
    }
  });
});
