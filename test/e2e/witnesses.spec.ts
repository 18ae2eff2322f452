import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BundleCheck, type Report } from '../../src/checker/check-bundle';
import { withVerifyParts } from '../../src/app/audit-parts';
import { readConfig } from '../../src/config/config';
import { verify } from '../../src/verify/verify';
import { eventually } from '../support/eventually';
import { completed, TestService } from '../support/service';
import { TestWitness } from '../support/witness';

/** Keeps everything in files even if servers are configured: the ledger is copied with its folder. */
const filesOf = (dataDir: string) => ({
  EVENT_STORE_URL: join(dataDir, 'events.db'),
  READ_MODEL_URL: join(dataDir, 'read-models.db'),
});

describe('witnesses', () => {
  const now = () => Date.parse('2026-11-20T00:00:00Z');
  const folders: string[] = [];
  const witnesses: TestWitness[] = [];
  const services: TestService[] = [];
  let key: string;

  const folder = () => {
    folders.push(mkdtempSync(join(tmpdir(), 'minutebook-witness-')));
    return folders.at(-1)!;
  };
  const start = async (dataDir: string, environment: Record<string, string> = {}) => {
    const all = { ...filesOf(dataDir), WITNESS_ALLOW_PRIVATE: 'true', ...environment };
    services.push(await TestService.start({ dataDir, now, environment: all }));
    return services.at(-1)!;
  };
  const witness = async (name: string) => {
    witnesses.push(await TestWitness.start(name));
    witnesses.at(-1)!.trust(key);
    return witnesses.at(-1)!;
  };
  const policy = (...all: readonly TestWitness[]) => {
    const path = join(folder(), 'witnesses.txt');
    writeFileSync(path, `# Those who watch.\n${all.map(({ line }) => line).join('')}`);
    return path;
  };
  /** The folder of a ledger that has a key; its service is stopped. */
  const ledger = async () => {
    const dataDir = folder();
    const service = await start(dataDir);
    await service.one(completed({ user_id: 'ann' }));
    const { body } = await service.get<{ verifier_keys: string[] }>('/v1/audit/root');
    key = body.verifier_keys[0]!;
    await service.close();
    return dataDir;
  };
  const namesIn = (path: string) => (existsSync(path) ? readdirSync(path) : []);
  const checkpointOf = async (service: TestService) =>
    (await service.fetch('/v1/audit/checkpoint')).text();
  const bundleOf = async (service: TestService): Promise<string[]> =>
    (await (await service.fetch('/v1/audit/bundle')).text()).trimEnd().split('\n');
  const check = (
    lines: readonly string[],
    keys: readonly string[],
    required: number | null = null,
  ): Report => {
    const checking = new BundleCheck(key, { keys, required });
    for (const [at, line] of lines.entries()) if (!checking.take(at + 1, line)) break;
    return checking.report();
  };

  afterEach(async () => {
    for (const service of services.splice(0)) await service.close();
    for (const one of witnesses.splice(0)) await one.close();
    for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
  });

  it('cosign each signed root, which everybody may read, in a folder and over HTTP', async () => {
    const dataDir = await ledger();
    const [w1, w2] = [await witness('witness.example/w1'), await witness('witness.example/w2')];
    const published = join(folder(), 'roots');
    const service = await start(dataDir, {
      WITNESSES_FILE: policy(w1, w2),
      PUBLIC_CHECKPOINT: 'true',
      CHECKPOINT_FOLDER: published,
    });
    await service.one(completed({ user_id: 'ann' }));
    await service.write('POST', '/v1/billing-periods/2026-10/close', {});
    const isCosigned = (note: string) =>
      /\n4\n.*\n\n— .*\n— .*w[12] .*\n— .*w[12] .*\n$/.test(note);
    await eventually(async () => isCosigned(await checkpointOf(service)));
    const open = await fetch(`${service.url}/v1/audit/checkpoint`);
    expect([
      open.status,
      open.headers.get('content-type'),
      open.headers.get('cache-control'),
    ]).toEqual([200, 'text/plain; charset=utf-8', 'public, max-age=10']);
    const note = await open.text();
    const again = await fetch(`${service.url}/v1/audit/checkpoint`, {
      headers: { 'if-none-match': open.headers.get('etag')! },
    });
    expect([again.status, await again.text()]).toEqual([304, '']);
    await eventually(() => readFileSync(join(published, 'checkpoint'), 'utf8') === note);
    expect(readdirSync(published)).toContain('public-keys.txt');
    const report = check(await bundleOf(service), [w1.key, w2.key]);
    expect(report.problems).toEqual([]);
    expect(report.witnesses).toMatchObject({ given: 2, required: 2, behind: [], missing: [] });
    expect(report.witnesses!.signed.map(({ name }) => name)).toEqual([w1.name, w2.name]);
    await service.close();
    const config = readConfig(service.environment, now());
    const progress = { scanned: () => undefined, replayed: () => undefined };
    const verified = await withVerifyParts(config, undefined, (parts) =>
      verify({ ...parts, witnesses: { keys: [w1.key], required: 1 } }, progress),
    );
    expect(verified.items).toEqual([]);
    expect(verified.witnesses).toMatchObject({ signed: [{ name: w1.name }], missing: [] });
  });

  it('get a root that was stored and not published before the service was killed', async () => {
    const dataDir = await ledger();
    const published = join(folder(), 'roots');
    const environment = { CHECKPOINT_FOLDER: published };
    const service = await start(dataDir, environment);
    await service.write('POST', '/v1/billing-periods/2026-10/close', {});
    await eventually(() => namesIn(published).some((name) => name.includes('-pinned')));
    await service.close();
    const before = namesIn(published);
    for (const name of before.filter((one) => /pinned|^checkpoint$/.test(one))) {
      rmSync(join(published, name));
    }
    await start(dataDir, environment);
    await eventually(() => before.every((name) => namesIn(published).includes(name)));
  });

  it('leave the checkpoint to finance unless it is public', async () => {
    const service = await start(await ledger());
    expect((await fetch(`${service.url}/v1/audit/checkpoint`)).status).toBe(401);
    const response = await service.fetch('/v1/audit/checkpoint');
    expect([response.status, response.headers.get('cache-control')]).toEqual([
      200,
      'private, no-cache',
    ]);
  });

  it('hold up nothing while they are down, and cosign the newest root when they are back', async () => {
    const dataDir = await ledger();
    const one = await witness('witness.example/slow');
    one.broken = 503;
    const service = await start(dataDir, { WITNESSES_FILE: policy(one) });
    await service.one(completed({ user_id: 'ann' }));
    await service.write('POST', '/v1/billing-periods/2026-10/close', {});
    const report = check(await bundleOf(service), [one.key], 0);
    expect([report.holds, report.witnesses?.missing]).toEqual([true, [one.name]]);
    one.broken = undefined;
    await eventually(async () => (await checkpointOf(service)).includes(`— ${one.name} `));
  });

  it('expose a split view: whoever holds the other history sees that the witness refused it', async () => {
    const dataDir = await ledger();
    const one = await witness('witness.example/w1');
    const environment = { WITNESSES_FILE: policy(one) };
    const before = await start(dataDir, environment);
    await eventually(async () => (await checkpointOf(before)).includes(`— ${one.name} `));
    await before.close();
    const copied = folder();
    cpSync(dataDir, copied, { recursive: true });

    const honest = await start(dataDir, environment);
    await honest.one(completed({ user_id: 'ann', duration_seconds: 600 }));
    await honest.caughtUp();
    const shown = await bundleOf(honest);
    expect(check(shown, [one.key])).toMatchObject({ holds: true, witnesses: { missing: [] } });
    await honest.close();

    const forked = await start(copied, environment);
    await forked.one(completed({ user_id: 'ann', duration_seconds: 6 }));
    await forked.one(completed({ user_id: 'ann', duration_seconds: 7 }));
    await forked.caughtUp();
    const other = await bundleOf(forked);
    expect(one.log.at(-1)!.status).toBe(422);
    // Without the witness nobody could tell: the ledger's key signed both.
    expect(check(other, []).holds).toBe(true);
    const found = check(other, [one.key]);
    expect(found.holds).toBe(false);
    expect(found.witnesses).toMatchObject({ signed: [], behind: [{ name: one.name }] });
    expect(found.problems[0]!.text).toMatch(/0 of 1 witnesses cosigned .* only the first/);
    const metrics = await (await forked.fetch('/metrics')).text();
    expect(metrics).toContain(`minutebook_witness_trouble{witness="${one.name}"} 2`);

    // What the witness saw contradicts the forked bundle.
    const seen = (JSON.parse(shown[0]!) as { witnessed: object[] }).witnessed;
    const header = JSON.parse(other[0]!) as Record<string, unknown>;
    const mixed = [JSON.stringify({ ...header, witnessed: seen }), ...other.slice(1)];
    expect(check(mixed, [one.key]).problems.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/If they do not, the ledger's key signed two histories/),
    );
  });

  it('have seen another history if they cosigned another root of the same size', async () => {
    const dataDir = await ledger();
    const one = await witness('witness.example/w1');
    const environment = { WITNESSES_FILE: policy(one) };
    const before = await start(dataDir, environment);
    await eventually(async () => (await checkpointOf(before)).includes(`— ${one.name} `));
    await before.close();
    const copied = folder();
    cpSync(dataDir, copied, { recursive: true });
    for (const [place, seconds] of [
      [dataDir, 600],
      [copied, 6],
    ] as const) {
      const service = await start(place, environment);
      await service.one(completed({ user_id: 'ann', duration_seconds: seconds }));
      await service.caughtUp();
      await bundleOf(service);
      const trouble = place === dataDir ? 0 : 2;
      await eventually(async () =>
        (await (await service.fetch('/metrics')).text()).includes(
          `minutebook_witness_trouble{witness="${one.name}"} ${trouble}`,
        ),
      );
      await service.close();
    }
  });
});
