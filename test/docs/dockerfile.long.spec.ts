import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { read } from '../support/markdown';
import { build, BUILT } from '../support/process';
import { TlsFolder } from '../support/tls-server';

/** The commands of the Dockerfile, as lists of arguments: the health check's, and the image's. */
const [healthCheck, image] = [...read('Dockerfile').matchAll(/^ *CMD (\[.*\])$/gm)].map(
  ([, list]) => JSON.parse(list!) as string[],
);

describe('what the image runs', () => {
  let folder: string;
  let port: number;
  beforeAll(() => build(), 120_000);
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'minutebook-image-'));
    port = await freePort();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const begin = ([program, ...args]: readonly string[], more: Readonly<Record<string, string>>) =>
    spawn(program!, args, {
      env: { ...process.env, DATA_DIR: join(folder, 'data'), PORT: String(port), ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const serve = (more: Readonly<Record<string, string>>) =>
    begin(
      image!.map((arg) => arg.replaceAll('dist/', `${BUILT}/`)),
      { HOST: '0.0.0.0', ...more },
    );
  const statusOf = async (child: ReturnType<typeof begin>) => {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return child.exitCode;
  };
  const isHealthy = async (more: Readonly<Record<string, string>>) =>
    (await statusOf(begin(healthCheck!, more))) === 0;

  it.each(['plain HTTP', 'TLS'])(
    'becomes healthy over %s, and stops when told to',
    async (over) => {
      const { certificate, key } = new TlsFolder(folder);
      const more: Readonly<Record<string, string>> =
        over === 'TLS' ? { TLS_CERT_FILE: certificate, TLS_KEY_FILE: key } : {};
      expect(await isHealthy(more)).toBe(false);
      const service = serve(more);
      await eventually(() => isHealthy(more));
      service.kill('SIGTERM');
      expect(await statusOf(service)).toBe(0);
    },
  );

  it('is alive, and waits, while PostgreSQL cannot be reached', async () => {
    const service = serve({ READ_MODEL_URL: 'postgres://u:p@127.0.0.1:1/d' });
    const isLive = () =>
      fetch(`http://127.0.0.1:${port}/health/live`).then(
        ({ ok }) => ok,
        () => false,
      );
    await eventually(isLive);
    expect(await isHealthy({})).toBe(false);
    service.kill('SIGTERM');
    expect(await statusOf(service)).toBe(0);
  });

  it('writes only lines of JSON with LOG_FORMAT=json, at the first start and at later ones', async () => {
    for (let start = 0; start < 2; start += 1) {
      const service = serve({ LOG_FORMAT: 'json' });
      let said = '';
      for (const stream of [service.stdout, service.stderr]) {
        stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
      }
      await eventually(() => said.includes('listens on'));
      service.kill('SIGTERM');
      expect(await statusOf(service)).toBe(0);
      const lines = said.split('\n').filter((line) => line !== '');
      expect(lines.map((line) => typeof (JSON.parse(line) as { msg: unknown }).msg)).toEqual(
        lines.map(() => 'string'),
      );
    }
  });
});
