import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import Database from 'better-sqlite3';

import { eventually } from '../support/eventually';
import { build, run, ServingProcess } from '../support/process';
import { completed, HttpService } from '../support/service';
import { keysOf } from '../support/keys';

/** Appears in many requests; a log must not contain it. */
const CANARY = 'canary7f3a';
const PERSONAL = {
  user_id: `user-${CANARY}`,
  client_id: `client-${CANARY}`,
  original_filename: `file-${CANARY}.mp3`,
  provider_metadata: { said: `metadata-${CANARY}` },
};
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

type Line = Readonly<Record<string, unknown>>;

const linesOf = (said: string) => said.split('\n').filter((line) => line !== '');
const parsed = (said: string) => linesOf(said).map((line) => JSON.parse(line) as Line);

/**
 * Uses everything a service offers: requests that succeed, are refused, and fail. Returns the secrets that were used.
 */
async function useIt(service: HttpService): Promise<string[]> {
  const user = PERSONAL.user_id;
  const secrets = [...Object.values(service.keys)];
  await service.batch([
    completed(PERSONAL),
    completed({ ...PERSONAL, attempt: 0 }),
    completed(PERSONAL, { type: `type-${CANARY}` }),
  ]);
  await service.post('/v1/events', 'application/json', `{"user":"${CANARY}`);
  await service.post(`/v1/events?user=${CANARY}`, undefined, CANARY);
  for (const path of [
    `users/${user}/usage-summary?period=2026-10`,
    `users/${user}/usage-summary?period=${CANARY}`,
    `users/${user}/usage-logs?at_least=99999999`,
    `users/${user}/usage-logs?as_of=1`,
    `sessions/${CANARY}`,
    `${CANARY}`,
    `reports/usage?period=2026-10`,
    `audit/events?user_id=${user}`,
    `audit/root`,
  ]) {
    await service.fetch(`/v1/${path}`).then((answer) => answer.text());
  }
  await service.write('PUT', `/v1/users/${user}/plan`, { plan: `plan-${CANARY}` });
  await service.write('POST', '/v1/adjustments', {
    user_id: user,
    period: '2026-10',
    amount_cents: 5,
    reason: `reason-${CANARY}`,
  });
  await service.write('POST', '/v1/audit/replays', { user_id: user, period: null, as_of: null });
  const { body } = await service.post<{ id: string; secret: string }>(
    '/v1/webhooks',
    'application/json',
    JSON.stringify({
      url: `http://u:pass-${CANARY}@127.0.0.1:9/${CANARY}`,
      types: ['minutebook.adjustment.recorded'],
      name: `hook-${CANARY}`,
    }),
  );
  const hook = await service.post<{ id: string; secret: string }>(
    '/v1/webhooks',
    'application/json',
    JSON.stringify({
      url: `http://127.0.0.1:9/${CANARY}`,
      types: ['minutebook.adjustment.recorded'],
      name: `hook-${CANARY}`,
    }),
  );
  if (hook.body.secret !== undefined) secrets.push(hook.body.secret);
  if (body.secret !== undefined) secrets.push(body.secret);
  await service.post(`/v1/webhooks/${hook.body.id}/test`, 'application/json', '{}');
  const made = await service.post<{ key: string }>(
    '/v1/keys',
    'application/json',
    JSON.stringify({ role: 'reader', name: CANARY, user_id: user }),
  );
  secrets.push(made.body.key);
  const stranger = service.as(`mb_admin_${CANARY}`);
  await stranger.get(`/v1/users/${user}/usage-summary`);
  await service.as(made.body.key).get(`/v1/users/other-${CANARY}/usage-summary`);
  return secrets;
}

describe('the log of a service', () => {
  let dataDir: string;
  const services: ServingProcess[] = [];
  const start = async (environment: Readonly<Record<string, string>> = {}) => {
    const serving = await ServingProcess.start(dataDir, environment);
    services.push(serving);
    return serving;
  };
  beforeAll(() => build(), 120_000);
  beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'minutebook-logs-'))));
  afterEach(async () => {
    for (const serving of services.splice(0)) await serving.kill();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it.each(['text', 'json'])(
    'of a whole run, at every level, contains no secret and nothing personal: %s',
    async (format) => {
      const serving = await start({
        LOG_FORMAT: format,
        LOG_LEVEL: 'trace',
        WEBHOOK_ALLOW_PRIVATE: 'true',
      });
      const secrets = await useIt(new HttpService(serving.url, keysOf(dataDir)));
      expect(secrets.length).toBeGreaterThan(5);
      expect(await serving.stop()).toBe(0);
      const said = serving.said();
      // Every request is a line, so the checks below mean something.
      expect(said).toContain('POST /v1/events: 207');
      expect(said).toContain('GET /v1/users/:user_id/usage-summary: 200');
      expect(said).toContain('GET /v1/users/:user_id/usage-summary: 401');
      for (const secret of [CANARY, ...secrets]) expect(said).not.toContain(secret);
      if (format === 'json') {
        for (const line of parsed(said)) {
          expect([typeof line['level'], typeof line['msg']]).toEqual(['string', 'string']);
          expect(Date.parse(String(line['time']))).toBeGreaterThan(0);
        }
      }
    },
    60_000,
  );

  it('gives each request an id, which the answer carries, and the trace that it belongs to', async () => {
    const environment = { LOG_FORMAT: 'json', LOG_LEVEL: 'debug' };
    const serving = await start(environment);
    const ask = async (headers: Record<string, string>) => {
      const answer = await serving.fetch('/v1/users/ann/usage-summary', { headers });
      await answer.text();
      return answer.headers.get('x-request-id')!;
    };
    const ids = [
      await ask({ traceparent: `00-${TRACE}-00f067aa0ba902b7-01`, 'x-request-id': CANARY }),
      await ask({ traceparent: CANARY }),
    ];
    expect(new Set(ids).size).toBe(2);
    const lineOf = (id: string) =>
      parsed(serving.said()).find((line) => line['request_id'] === id && 'status' in line);
    await eventually(() => ids.every((id) => lineOf(id) !== undefined));
    expect(lineOf(ids[0]!)).toMatchObject({
      method: 'GET',
      route: '/v1/users/:user_id/usage-summary',
      status: 200,
      trace_id: TRACE,
    });
    expect(lineOf(ids[1]!)).not.toHaveProperty('trace_id');
    await serving.stop();
  });

  it('shows an internal error with its request id and stack', async () => {
    const serving = await start({ LOG_FORMAT: 'json' });
    // The read model loses a table behind the service's back.
    const rows = new Database(join(dataDir, 'read-models.db'));
    rows.exec('DROP TABLE statements');
    rows.close();
    const answer = await serving.fetch('/v1/users/ann/usage-summary?period=2026-10');
    expect(answer.status).toBe(500);
    const found = () =>
      parsed(serving.said()).find(
        (line) => line['level'] === 'error' && line['context'] === 'http',
      );
    await eventually(() => found() !== undefined);
    expect(found()).toMatchObject({ request_id: answer.headers.get('x-request-id') });
    expect(found()!['stack']).toContain('    at ');
    await serving.stop();
  });

  it('shows what keeps the service from starting, without the password of an address', async () => {
    const environment = { DATA_DIR: dataDir, PORT: '0', LOG_FORMAT: 'json' };
    const wrong = await run(['serve'], { ...environment, LOG_LEVEL: 'loud', PORT: 'x' });
    expect(wrong.status).toBe(1);
    const [line] = parsed(wrong.stdout);
    expect(line).toMatchObject({ level: 'fatal', context: 'serve' });
    expect(line!['msg']).toContain('LOG_LEVEL is "loud": it must be one of');
    expect(line!['msg']).toContain('PORT is "x"');
    expect(wrong.stderr).toBe('');
    writeFileSync(join(dataDir, 'events.db'), 'not a database');
    const damaged = await run(['serve'], { ...environment });
    expect(parsed(damaged.stdout).at(-1)).toMatchObject({ level: 'fatal' });
    expect(readFileSync(join(dataDir, 'events.db'), 'utf8')).toBe('not a database');
    const format = await run(['serve'], { ...environment, LOG_FORMAT: 'xml' });
    expect(format.stderr).toContain('LOG_FORMAT is "xml": it must be text or json.');
  }, 90_000);

  it('is short at a terminal: how the service started, and no line per request', async () => {
    const serving = await start();
    await serving.fetch('/v1/users/ann/usage-summary');
    await serving.stop();
    const lines = linesOf(serving.said()).filter((line) => !line.startsWith('Ledger: '));
    expect(lines).toEqual([
      expect.stringMatching(/^New ledger: billing months in UTC, default currency TWD; /),
      expect.stringMatching(/^It keeps these forever\. /),
      expect.stringMatching(
        /^Minutebook listens on http:\/\/127\.0\.0\.1:\d+ \(API: .+\/docs\)\.$/,
      ),
      expect.stringMatching(/^API keys, one for each role, are in .+, which only you can read\.$/),
    ]);
  });
});
