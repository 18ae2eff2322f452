import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { checkNote } from '../../src/proofs/signed-root/signed-note';
import { leafHash, leafText } from '../../src/domain/merkle';
import { checkConsistency, checkInclusion } from '../../src/domain/merkle-proofs';
import { SqliteEventStore } from '../../src/event-store/sqlite/sqlite-event-store';
import { START } from '../../src/event-store/port';
import { completed, TestService, type Problem } from '../support/service';

interface Root {
  readonly size: number;
  readonly root: string;
  readonly checkpoint: string;
  readonly verifier_keys: string[];
}

interface Inclusion {
  readonly index: number;
  readonly size: number;
  readonly leaf_hash: string;
  readonly path: string[];
  readonly root: string;
}

interface Consistency {
  readonly proof: string[];
  readonly first_root: string;
  readonly second_root: string;
}

const bytes = (hex: string) => Buffer.from(hex, 'hex');

describe('roots and proofs', () => {
  let service: TestService;
  let position: string;

  beforeAll(async () => {
    service = await TestService.start({ now: () => Date.parse('2026-11-20T00:00:00Z') });
    const events = Array.from({ length: 60 }, () => completed());
    position = (await service.batch(events)).body.position;
  });
  afterAll(() => service.close());

  const root = async (query: string) =>
    (await service.get<Root>(`/v1/audit/root?${query}at_least=${position}`)).body;

  it('give the current root and that of a size, signed by a published key', async () => {
    const now = await root('');
    expect(now.size).toBe(61);
    const published = readFileSync(join(service.dataDir, 'checkpoints/public-keys.txt'), 'utf8');
    expect(published).toBe(`${now.verifier_keys[0]}\n`);
    const { signed } = checkNote(now.checkpoint, now.verifier_keys) as { signed: object };
    expect(signed).toMatchObject({ size: 61, root: now.root });
    const then = await root('size=17&');
    expect(then.size).toBe(17);
    expect(checkNote(then.checkpoint, now.verifier_keys)).toMatchObject({
      signed: { size: 17, root: then.root },
    });
    expect(then.root).not.toBe(now.root);
  });

  it('prove that every event is in the ledger at its index', async () => {
    const { size, root: now } = await root('');
    const reader = SqliteEventStore.openReader(join(service.dataDir, 'events.db'));
    const events = await reader.readAll(START, 100);
    await reader.close();
    for (const [index, event] of events.entries()) {
      const { body } = await service.get<Inclusion>(`/v1/audit/proofs/${index}`);
      const leaf = leafHash(leafText(event));
      expect(body).toMatchObject({ index, size, root: now, leaf_hash: leaf.toString('hex') });
      expect(checkInclusion(leaf, index, size, body.path.map(bytes), bytes(now))).toBe(true);
    }
  });

  it('prove that the ledger continues each earlier one', async () => {
    for (const first of [1, 2, 16, 17, 32, 60, 61]) {
      const { body } = await service.get<Consistency>(`/v1/audit/consistency?first=${first}`);
      const [old, now] = [bytes(body.first_root), bytes(body.second_root)];
      expect(body.first_root).toBe((await root(`size=${first}&`)).root);
      expect(checkConsistency(first, 61, body.proof.map(bytes), old, now)).toBe(true);
    }
  });

  it('say what is wrong with a request that has no answer', async () => {
    const asks: [url: string, status: number, code: string, pointer: string | undefined][] = [
      ['/v1/audit/root?size=62', 400, 'invalid_parameter', '/size'],
      ['/v1/audit/root?size=0', 400, 'invalid_parameter', '/size'],
      ['/v1/audit/root?size=x', 400, 'invalid_parameter', '/size'],
      ['/v1/audit/proofs/61', 404, 'not_found', undefined],
      ['/v1/audit/proofs/-1', 400, 'invalid_parameter', '/index'],
      ['/v1/audit/proofs/5?size=5', 404, 'not_found', undefined],
      ['/v1/audit/consistency', 400, 'invalid_parameter', '/first'],
      ['/v1/audit/consistency?first=9&second=8', 400, 'invalid_parameter', '/first'],
      ['/v1/audit/consistency?first=1&second=99', 400, 'invalid_parameter', '/second'],
      ['/v1/audit/root?as_of=1', 400, 'invalid_parameter', '/as_of'],
    ];
    for (const [url, status, code, pointer] of asks) {
      const answer = await service.get<Problem>(url);
      expect([url, answer.status, answer.body.code, answer.body.pointer]).toEqual([
        url,
        status,
        code,
        pointer,
      ]);
    }
  });
});

describe('signed roots', () => {
  const now = () => Date.parse('2026-11-20T00:00:00Z');
  const folder = () => mkdtempSync(join(tmpdir(), 'minutebook-roots-'));
  const kept = (dataDir: string) =>
    readdirSync(join(dataDir, 'checkpoints')).filter((name) => /^\d/.test(name));

  it('are kept for the first event, a close and a clean stop, and the key survives a restart', async () => {
    const dataDir = folder();
    const service = await TestService.start({ dataDir, now });
    await service.one(completed());
    const close = await service.write('POST', '/v1/billing-periods/2026-10/close', {});
    expect(close.status).toBe(201);
    await service.one(completed());
    const [key] = (await service.get<Root>('/v1/audit/root')).body.verifier_keys;
    await service.close();
    expect(kept(dataDir)).toEqual([
      '0000000000000001.txt',
      '0000000000000003-pinned.txt',
      '0000000000000004-pinned.txt',
    ]);
    expect(statSync(join(dataDir, 'keys.db')).mode & 0o777).toBe(0o600);
    const again = await TestService.start({ dataDir, now });
    const root = await again.get<Root>('/v1/audit/root');
    expect(root.body.verifier_keys).toEqual([key]);
    const note = readFileSync(join(dataDir, 'checkpoints/0000000000000004-pinned.txt'), 'utf8');
    expect(checkNote(note, [key!])).toMatchObject({ signed: { size: 4, root: root.body.root } });
    await again.close();
  });

  it('are kept for every 10,000 events while they arrive', async () => {
    const dataDir = folder();
    const service = await TestService.start({ dataDir, now });
    const { body } = await service.batch(Array.from({ length: 10_000 }, () => completed()));
    await service.get(`/v1/audit/root?at_least=${body.position}`);
    for (let tries = 0; tries < 100 && kept(dataDir).length < 2; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const [, next] = kept(dataDir);
    expect(Number(next!.slice(0, 16))).toBeGreaterThanOrEqual(10_000);
    expect(next).not.toMatch(/pinned/);
    await service.close();
  });

  it('are no longer made if the ledger does not continue what was signed, and readiness says so', async () => {
    const dataDir = folder();
    const service = await TestService.start({ dataDir, now });
    await service.one(completed());
    await service.close();
    const name = kept(dataDir).at(-1);
    // A root of more events than the ledger has, as if the ledger's end had been cut off.
    const longer = await TestService.start({ now });
    await longer.batch([completed(), completed(), completed()]);
    const path = join(dataDir, 'checkpoints');
    const note = readFileSync(join(path, name!), 'utf8');
    writeFileSync(join(path, '0000000000000009-pinned.txt'), note.replace('\n2\n', '\n9\n'));
    await longer.close();
    const again = await TestService.start({ dataDir, now });
    const trouble = async () =>
      (await again.get<{ signed_roots: { trouble: string | null } }>('/health/ready')).body
        .signed_roots.trouble;
    for (let tries = 0; tries < 100 && (await trouble()) === null; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await trouble()).toMatch(/can't be trusted.*verify/);
    await again.one(completed());
    await again.close();
    expect(kept(dataDir)).toHaveLength(3);
  });
});
