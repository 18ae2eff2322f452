import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { build, command, run, runOf, ServingProcess } from '../support/process';
import { aTlsServer } from '../support/tls-server';

describe('a refused start', () => {
  let folder: string;
  beforeAll(() => build(), 120_000);
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'minutebook-refused-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('recognises a ledger in use by any name: its file, its folder, or a link to either', async () => {
    const [first, second, third] = ['a', 'b', 'c'].map((name) => join(folder, name));
    mkdirSync(second!);
    symlinkSync(join(first!, 'events.db'), join(second!, 'events.db'));
    symlinkSync(first!, third!);
    const service = await ServingProcess.start(first!);
    for (const DATA_DIR of [second!, third!]) {
      const { status, stderr } = await run(['serve'], { DATA_DIR, PORT: '0' });
      expect(status).toBe(1);
      expect(stderr).toMatch(/is in use by process \d+/);
    }
    const imported = await run(['import'], { DATA_DIR: second! });
    expect(imported.stderr).toMatch(
      /in use by .* Or go through the service that has it, with --url\.$/m,
    );
    const copied = await run(['migrate-store', '--to', join(second!, 'events.db')], {
      DATA_DIR: first!,
    });
    expect(copied.stderr).toContain('--from and --to name the same ledger');
    await service.stop();
  }, 60_000);

  it('says what to check if a file may not grow', async () => {
    const limited = ['sh', '-c', 'ulimit -f 8; exec "$0" "$@"', ...command(['keys', 'init'])];
    const { status, stderr } = await runOf(limited, { DATA_DIR: folder });
    expect(status).toBe(1);
    expect(stderr).toMatch(/may not grow \(ulimit -f\) \(SQLITE_IOERR_WRITE: disk I\/O error\)/);
    expect(stderr).toMatch(/Check the disks of DATA_DIR .* then start again/);
  });

  it('ends at once if only another address reaches the EventStoreDB, and shows no password', async () => {
    const server = aTlsServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    for (const [options, says] of [
      ['tls=true', /authority that is not known here: name its certificate with tlsCAFile/],
      ['tls=false', /speaks TLS, but the address has tls=false/],
      ['tls=false&frobnicate=1', /EVENT_STORE_URL has an unknown option frobnicate/],
    ] as const) {
      const { status, stdout, stderr } = await run(['serve'], {
        DATA_DIR: join(folder, 'data'),
        PORT: '0',
        DEBUG: 'esdb*',
        EVENT_STORE_URL: `esdb://ann:s3cret@localhost:${port}?${options}`,
      });
      expect(status).toBe(1);
      expect(stderr).toMatch(says);
      expect(stdout + stderr).not.toContain('s3cret');
    }
    server.close();
  });

  it('names DATA_DIR if its folder cannot be made', async () => {
    const DATA_DIR = join(folder, 'x'.repeat(300));
    const { status, stderr } = await run(['serve'], { DATA_DIR, PORT: '0' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/x could not be made .*DATA_DIR/);
  });
});
