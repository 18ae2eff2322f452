import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import Database from 'better-sqlite3';

import { withBundleParts } from '../../src/app/audit-parts';
import { makeBundle } from '../../src/bundles/make-bundle';
import { BundleCheck, type Report } from '../../src/checker/check-bundle';
import { FULL_SPEED } from '../../src/projections/pace';
import { acceptRestore, planRestore } from '../../src/proofs/accept-restore';
import { build, run } from '../support/process';
import { configOf, restored, verified, withRestoreParts } from '../support/restored';
import { completed, TestService } from '../support/service';

const NOW = Date.parse('2026-11-20T00:00:00Z');
const now = () => NOW;

interface Problem {
  readonly code: string;
}

async function bundleOf(folder: string): Promise<Report> {
  const check = new BundleCheck(undefined);
  let text = '';
  await withBundleParts(configOf(folder), (parts) =>
    makeBundle(parts, { as_of: null, period: null, user_id: null }, FULL_SPEED, (lines) => {
      text += lines;
      return Promise.resolve();
    }),
  );
  text
    .split('\n')
    .slice(0, -1)
    .forEach((line, at) => check.take(at + 1, line));
  return check.report();
}

const said = { reason: 'disk lost', author: 'ann', now: NOW };

describe('a ledger other than the one whose root was signed', () => {
  it('gets no more signatures: neither roots, now or at a size, nor bundles', async () => {
    const { folder } = await restored(3);
    const service = await TestService.start({ dataDir: folder, now });
    // As many events as before, but different ones: a second history of the same length.
    await service.batch(Array.from({ length: 3 }, () => completed()));
    const { position } = (await service.one(completed())).body as { position: string };
    for (const url of ['/v1/audit/root?', '/v1/audit/root?size=2&', '/v1/audit/bundle?']) {
      const answer = await service.get<Problem>(`${url}at_least=${position}`);
      expect([url, answer.status, answer.body.code]).toEqual([url, 409, 'ledger_changed']);
    }
    const ready = await service.get<{ signed_roots: { trouble: string } }>('/health/ready');
    expect(ready.body.signed_roots.trouble).toMatch(/Nothing more is signed/);
    await service.close();
    await expect(bundleOf(folder)).rejects.toMatchObject({ code: 'ledger_changed' });
  });

  it('gets none either if the signed roots were deleted before the start', async () => {
    const { folder } = await restored(3);
    rmSync(join(folder, 'checkpoints'), { recursive: true });
    const service = await TestService.start({ dataDir: folder, now });
    const { position } = (await service.batch(Array.from({ length: 6 }, () => completed()))).body;
    const answer = await service.get<Problem>(`/v1/audit/root?at_least=${position}`);
    expect([answer.status, answer.body.code]).toEqual([409, 'ledger_changed']);
    await service.close();
    expect(readdirSync(join(folder, 'checkpoints'))).toEqual(['public-keys.txt']);
  });

  it('is reported by verify even if the signed roots were restored with it: the keys know better', async () => {
    const { folder } = await restored(3, 'checkpoints');
    const service = await TestService.start({ dataDir: folder, now });
    const { body } = await service.get<{ detail: string }>('/v1/audit/root?at_least=3');
    expect(body.detail).toMatch(/Run `verify`, which says where/);
    await service.close();
    const result = await verified(folder);
    expect(result.newest_signed_root).toBe(6);
    expect(result.items.map(({ kind, index }) => [kind, index])).toEqual([
      ['signed_root', null],
      ['tail_missing', 3],
    ]);
    expect(result.items[0]!.detail).toMatch(/^1 of the \d kept signed roots do not match/);
    rmSync(join(folder, 'keys.db'));
    expect((await verified(folder)).items).toEqual([]);
    writeFileSync(join(folder, 'keys.db'), 'not a database, but long enough to be taken for one');
    const unread = (await verified(folder)).items;
    expect(unread.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^The signed head.* can't be read: .*file is not a database/),
    ]);
  });
});

describe('accepting a restore', () => {
  beforeAll(() => build(), 180_000);

  it('gives up the invalid roots in a signed event; then signing continues and everything follows', async () => {
    const { folder } = await restored(3);
    expect((await verified(folder)).items.map((one) => one.kind)).toContain('tail_missing');
    const plan = await withRestoreParts(folder, async (parts) => {
      const plan = await planRestore(parts);
      await acceptRestore(parts, plan, said);
      return plan;
    });
    expect(plan.size).toBe(3);
    expect(plan.givenUp.map((one) => one.size)).toEqual([6]);
    const service = await TestService.start({ dataDir: folder, now });
    const { position } = (await service.batch([completed(), completed(), completed()])).body;
    const root = await service.get<{ size: number }>(`/v1/audit/root?at_least=${position}`);
    expect([root.status, root.body.size]).toEqual([200, 7]);
    await service.close();
    const result = await verified(folder);
    expect(result.items).toEqual([]);
    expect(result.restores).toEqual([
      {
        index: 3,
        position: '4',
        size: 3,
        given_up: plan.givenUp,
        reason: 'disk lost',
        author: 'ann',
      },
    ]);
    expect(readdirSync(join(folder, 'checkpoints/given-up'))).toHaveLength(1);
    const report = await bundleOf(folder);
    expect(report.problems).toEqual([]);
    expect(report.restores).toEqual([
      { index: 3, size: 3, given_up: [6], reason: 'disk lost', author: 'ann' },
    ]);
  });

  it('is completed by a second run if the first was killed after writing the event, which is written once', async () => {
    const { folder } = await restored(2);
    await withRestoreParts(folder, async (parts) => {
      const killed = { moveSignedHead: () => Promise.reject(new Error('killed')) };
      const plan = await planRestore(parts);
      const heads = { signedHead: () => parts.heads.signedHead(), ...killed };
      await expect(acceptRestore({ ...parts, heads }, plan, said)).rejects.toThrow('killed');
      const again = await planRestore(parts);
      expect(again.written).toEqual(again.givenUp);
      await acceptRestore(parts, again, said);
      expect((await planRestore(parts)).givenUp).toEqual([]);
    });
    const service = await TestService.start({ dataDir: folder, now });
    await service.one(completed());
    await service.close();
    const result = await verified(folder);
    expect([result.items, result.restores.length]).toEqual([[], 1]);
  });

  it('is reported by verify if a key other than the ledger’s signed it', async () => {
    const { folder } = await restored(2);
    await withRestoreParts(folder, async (parts) => {
      const plan = await planRestore(parts);
      await acceptRestore(parts, plan, said);
    });
    const db = new Database(join(folder, 'events.db'));
    db.exec('DROP TRIGGER events_are_never_changed');
    db.exec(`UPDATE events SET body = replace(body, 'disk lost', 'disk sold') WHERE position = 4`);
    db.exec(`UPDATE events SET body = replace(body, '"size":5', '"size":6') WHERE position = 4`);
    db.close();
    const { items } = await verified(folder);
    expect(items.map((one) => one.detail).join()).toMatch(
      /note of the restore and its event say different things/,
    );
  });

  it('has a command that changes nothing without --yes and a reason', async () => {
    const { folder } = await restored(2);
    const env = { DATA_DIR: folder };
    const looked = await run(['accept-restore', '--json'], env);
    expect(looked.status).toBe(1);
    expect(JSON.parse(looked.stdout)).toMatchObject({ size: 3, done: false });
    expect((await run(['accept-restore', '--yes'], env)).status).toBe(2);
    const done = await run(['accept-restore', '--yes', '--reason', 'disk lost'], env);
    expect([done.status, done.stdout]).toEqual([0, expect.stringMatching(/given up/)]);
    const nothing = await run(['accept-restore'], env);
    expect([nothing.status, nothing.stdout]).toEqual([0, expect.stringMatching(/nothing to give/)]);
  });
});

describe('keys and signed roots', () => {
  it('stay published if keys.db is lost, and the roots that they signed are still trusted', async () => {
    const { folder } = await restored(0);
    const published = () => readFileSync(join(folder, 'checkpoints/public-keys.txt'), 'utf8');
    const before = published();
    rmSync(join(folder, 'keys.db'));
    const service = await TestService.start({ dataDir: folder, now });
    await service.one(completed());
    await service.close();
    expect(published().split('\n')).toContain(before.trim());
    expect(published().trim().split('\n')).toHaveLength(2);
    expect((await verified(folder)).items).toEqual([]);
  });

  it('are refused for another ledger', async () => {
    const { folder } = await restored(0);
    const own = mkdtempSync(join(tmpdir(), 'minutebook-other-'));
    for (const name of ['keys.db', 'checkpoints']) {
      cpSync(join(folder, name), join(own, name), { recursive: true });
    }
    await expect(TestService.start({ dataDir: own, now })).rejects.toThrow(/holds the keys/);
  });
});
