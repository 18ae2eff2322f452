import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { build, run } from '../support/process';
import { completed, TestService } from '../support/service';
import { TlsFolder } from '../support/tls-server';

const fixture = (name: string) => join(__dirname, '../fixtures/import', name);

interface Stored {
  readonly items: readonly {
    readonly event: { readonly data: Readonly<Record<string, unknown>> };
  }[];
}

describe('import', () => {
  let folder: string;
  let service: TestService;
  beforeAll(() => build(), 120_000);
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'minutebook-import-'));
    service = await TestService.start();
  });
  afterAll(async () => {
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Imports a file through a running service. */
  const imported = async (file: string) => {
    const { status, stdout, stderr } = await run(['import', file, '--url', service.url, '--json'], {
      MINUTEBOOK_KEY: service.keys.producer,
    });
    return { status, counts: JSON.parse(stdout) as object, stderr };
  };
  /** Writes a file of these lines. */
  const file = (...lines: (string | Buffer)[]) => {
    const path = join(folder, 'lines.ndjson');
    const ends = lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')]);
    writeFileSync(path, Buffer.concat(ends));
    return path;
  };
  const event = (data: object = {}) => JSON.stringify(completed({ ...data }));

  it('splits lines at line feeds only, and keeps U+2028 in a text', async () => {
    const { status, counts, stderr } = await imported(fixture('u2028.ndjson'));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(counts).toEqual({ read: 2, recorded: 2, duplicate: 0, rejected: 0 });
    const { body } = await service.get<Stored>('/v1/audit/events?session_id=s-u2028');
    expect(body.items[0]?.event.data).toMatchObject({ session_id: 's-u2028' });
    const log = await service.get<{ usage_logs: { original_filename: string }[] }>(
      '/v1/sessions/s-u2028?at_least=3',
    );
    expect(log.body.usage_logs[0]?.original_filename).toBe('interview\u2028part 2.mp3');
  });

  it.each([
    ['text that is not UTF-8', 'latin1.ndjson', 'line 1: invalid_json: The line is not UTF-8.'],
    ['a number beyond the IEEE range', 'inf.ndjson', 'line 1: invalid_field at /data/processing'],
    ['such a number in metadata', 'inf2.ndjson', 'line 1: invalid_field at /data/provider_meta'],
  ])('refuses %s, as the HTTP endpoint does', async (_, name, says) => {
    const { status, counts, stderr } = await imported(fixture(name));
    expect({ status, counts }).toEqual({
      status: 1,
      counts: { read: 1, recorded: 0, duplicate: 0, rejected: 1 },
    });
    expect(stderr).toContain(says);
  });

  it('goes on after a line that is too deep, and does the same on a second run', async () => {
    const first = await imported(fixture('deep.ndjson'));
    expect(first.counts).toEqual({ read: 3, recorded: 2, duplicate: 0, rejected: 1 });
    expect(first.stderr).toMatch(/^line 2: too_deep: .*\n$/);
    const again = await imported(fixture('deep.ndjson'));
    expect(again.counts).toEqual({ read: 3, recorded: 0, duplicate: 2, rejected: 1 });
    expect([first.status, again.status]).toEqual([1, 1]);
  });

  it('accepts a line of the greatest depth, which a surrounding list would make too deep', async () => {
    // The event, its data and the metadata are three levels.
    const deep = (levels: number) =>
      event({ provider_metadata: 0 }).replace(
        '"provider_metadata":0',
        `"provider_metadata":{"x":${'['.repeat(levels - 3)}${']'.repeat(levels - 3)}}`,
      );
    const { counts, stderr } = await imported(file(event(), deep(64), event(), deep(65), event()));
    expect(counts).toEqual({ read: 5, recorded: 4, duplicate: 0, rejected: 1 });
    expect(stderr).toMatch(/^line 4: too_deep/);
  });

  it('goes on after a list of the greatest depth, which is no event', async () => {
    const list = `${'['.repeat(64)}${']'.repeat(64)}`;
    const { status, counts, stderr } = await imported(file(event(), list, event()));
    expect({ status, counts }).toEqual({
      status: 1,
      counts: { read: 3, recorded: 2, duplicate: 0, rejected: 1 },
    });
    expect(stderr).toMatch(/^line 2: unsupported_media_type: .*\n$/);
  });

  it('refuses a line that is longer than a body may be, and goes on', async () => {
    const long = `{"x":"${'y'.repeat(1024 * 1024)}"}`;
    // A line of exactly the limit is accepted as a body, and then rejected as an event.
    const full = long.replace('yyyyyyyy', '');
    const { counts, stderr } = await imported(file(event(), long, event(), full, event()));
    expect(counts).toEqual({ read: 5, recorded: 3, duplicate: 0, rejected: 2 });
    expect(stderr).toContain('line 2: body_too_large: The line is longer than 1 MiB.');
    expect(stderr).toContain('line 4: missing_attribute');
  });

  it('keeps a line that contains several JSON values from reaching into others', async () => {
    const two = `${event()},${event()}`;
    const { counts, stderr } = await imported(file(event(), two, '1],[2', '[]', '7', event()));
    expect(counts).toEqual({ read: 6, recorded: 2, duplicate: 0, rejected: 4 });
    for (const line of [2, 3]) expect(stderr).toContain(`line ${line}: invalid_json`);
    for (const line of [4, 5]) expect(stderr).toContain(`line ${line}: invalid_event`);
  });

  it('accepts a byte order mark at the very beginning, and numbers lines as an editor does', async () => {
    const path = file(`\ufeff${event()}`, '', ' \t\r', `${event()}\r`, 'no json');
    const { counts, stderr } = await imported(path);
    expect(counts).toEqual({ read: 3, recorded: 2, duplicate: 0, rejected: 1 });
    expect(stderr).toMatch(/^line 5: invalid_json/);
  });

  it('reaches its own service if the ledger is served with a certificate', async () => {
    const { certificate, key } = new TlsFolder(folder);
    const environment = {
      DATA_DIR: join(folder, 'own'),
      TLS_CERT_FILE: certificate,
      TLS_KEY_FILE: key,
    };
    const { status, stdout } = await run(['import', file(event()), '--json'], environment);
    expect([status, stdout]).toEqual([0, '{"read":1,"recorded":1,"duplicate":0,"rejected":0}\n']);
  });

  it('says how far it got when the service refuses the request', async () => {
    const door = createServer((request, reply) => {
      const problem = { code: 'forbidden', detail: 'This key may not.' };
      request.resume().once('end', () => reply.writeHead(403).end(JSON.stringify(problem)));
    }).listen(0, '127.0.0.1');
    await once(door, 'listening');
    const url = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
    const { status, stdout, stderr } = await run(['import', file(event()), '--url', url], {});
    door.close();
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('Before it stopped: 1 event read: 0 recorded');
    expect(stderr).toContain(`${url}/v1/events answered 403 (forbidden): This key may not.`);
  });
});

describe('a missing file', () => {
  beforeAll(() => build(), 120_000);

  it.each([
    ['import', ['import', '/nowhere/a']],
    ['check-bundle', ['check-bundle', '/nowhere/a']],
    ['a key file', ['check-bundle', __filename, '--key', '/nowhere/a']],
    ['draft cards', ['rehearse', '--cards', '/nowhere/a']],
    ['durations', ['demo', '--durations', '/nowhere/a']],
  ])('is reported in one sentence: %s', async (_, args) => {
    const { status, stdout, stderr } = await run(args, {});
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr: 'There is no file /nowhere/a.\n',
    });
  });

  it.each([
    ['check-bundle', []],
    ['reconcile', ['--provider', 'google', '--period', '2026-10']],
  ])('is reported in one sentence if it is a pipe: %s', async (command, options) => {
    const folder = mkdtempSync(join(tmpdir(), 'minutebook-pipe-'));
    const pipe = join(folder, 'list');
    execFileSync('mkfifo', [pipe]);
    const writing = writeFile(pipe, 'duration_seconds\n').catch(() => undefined);
    const { status, stderr } = await run([command, pipe, ...options], { DATA_DIR: folder });
    await writing;
    rmSync(folder, { recursive: true });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `${pipe} is a pipe, not a file: save it to a file first.\n`,
    });
  });

  it('is reported in one sentence if it is a folder', async () => {
    for (const [command, instead] of [
      ['import', ''],
      ['check-bundle', ' Give a file in it.'],
    ] as const) {
      const { status, stderr } = await run([command, tmpdir()], {});
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: `${tmpdir()} is a folder, not a file.${instead}\n`,
      });
    }
  });
});
