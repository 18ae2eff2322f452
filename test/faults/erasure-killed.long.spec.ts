import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { keysOf } from '../support/keys';
import { build, run, ServingProcess } from '../support/process';
import { completed, HttpService } from '../support/service';

const PRELOAD = `--require ${join(__dirname, '../support/killed-at-statement.cjs')}`;
const NAME = 'SECRET-of-ann.wav';

interface Log {
  readonly original_filename: string | null;
  readonly erased: boolean;
}

/** Where the process ends, and whether the erasure is in the ledger by then. */
const MOMENTS = [
  { sql: 'UPDATE personal_keys SET retired', when: 'after', isWritten: false },
  { sql: 'DELETE FROM personal_keys', when: 'before', isWritten: true },
  { sql: 'DELETE FROM personal_keys', when: 'after', isWritten: true },
  { sql: 'INSERT INTO erasures', when: 'after', isWritten: true },
] as const;

describe('an erasure that is killed with SIGKILL', () => {
  let dataDir: string;
  let serving: ServingProcess | undefined;
  beforeAll(() => build(), 120_000);
  beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'minutebook-erasing-'))));
  afterEach(async () => {
    await serving?.kill();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const begin = async (environment: Readonly<Record<string, string>> = {}) => {
    serving = await ServingProcess.start(dataDir, environment);
    return new HttpService(serving.url, keysOf(dataDir));
  };
  const erase = (service: HttpService) =>
    service.post('/v1/users/ann/erase', 'application/json', JSON.stringify({ reason: 'asked' }));
  const logs = async (service: HttpService, position = '0') => {
    const path = `/v1/users/ann/usage-logs?at_least=${position}`;
    return (await service.get<{ items: readonly Log[] }>(path)).body.items;
  };
  const filesWith = (text: string) =>
    readdirSync(dataDir, { recursive: true })
      .map((name) => join(dataDir, String(name)))
      .filter((path) => statSync(path).isFile() && readFileSync(path).includes(text));

  it.each(MOMENTS)(
    'right $when "$sql" is either not done, or completed at the next start',
    async ({ sql, when, isWritten }) => {
      let service = await begin();
      const { body } = await service.batch([completed({ original_filename: NAME })]);
      expect(await logs(service, body.position)).toMatchObject([{ original_filename: NAME }]);
      await serving!.stop();

      service = await begin({ NODE_OPTIONS: PRELOAD, KILL_SQL: sql, KILL_WHEN: when });
      await expect(erase(service)).rejects.toThrow();
      await serving!.gone();

      service = await begin();
      const left = isWritten
        ? { original_filename: null, erased: true }
        : { original_filename: NAME, erased: false };
      expect(await logs(service)).toMatchObject([left]);
      expect((await erase(service)).status).toBe(isWritten ? 200 : 201);
      const later = await service.batch([completed({ original_filename: 'later.wav' })]);
      expect(
        (await logs(service, later.body.position)).map((log) => log.original_filename).sort(),
      ).toEqual(['later.wav', null].sort());
      expect(filesWith(NAME)).toEqual([]);
      expect(await run(['verify', '--json'], { DATA_DIR: dataDir })).toMatchObject({ status: 0 });
      expect(await serving!.stop()).toBe(0);
    },
    60_000,
  );
});
