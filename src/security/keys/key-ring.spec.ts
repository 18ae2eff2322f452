import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Clock } from '../../lib/clock';
import { SqliteKeyFile } from '../sqlite/sqlite-key-file';
import type { ApiKeys } from './api-keys';
import { KeyRing } from './key-ring';
import { makeKey, type KeyOrder } from './new-key';
import { makeKeyText } from './key-text';

const NOW = Date.parse('2026-11-20T10:00:00Z');
const READER = {
  role: 'reader',
  name: 'ann',
  source: null,
  userId: 'ann',
  expiresAt: null,
} as const;

describe('a key ring', () => {
  let folder: string;
  let file: SqliteKeyFile;
  let now: number;
  let down: boolean;
  /** What each write of the days of use waits for. */
  let written: () => Promise<unknown>;
  let lookedUp: number;
  /** What each lookup waits for. */
  let found: () => Promise<unknown>;
  let reported: unknown[];
  const rings: KeyRing[] = [];

  /** The file's keys; every call to them rejects while `down` is set. */
  const keys = (): ApiKeys =>
    new Proxy(file.apiKeys, {
      get:
        (target, name) =>
        (...args: unknown[]) => {
          if (down) return Promise.reject(new Error('The store is gone.'));
          if (name === 'find') lookedUp += 1;
          const run = () =>
            (target[name as keyof ApiKeys] as (...more: unknown[]) => unknown)(...args);
          if (name === 'used') return written().then(run);
          return name === 'find' ? found().then(run) : run();
        },
    });
  const open = async (believeKnown = false) => {
    const report = (error: unknown) => reported.push(error);
    const ring = await KeyRing.open(keys(), new Clock(() => now), { believeKnown, report });
    rings.push(ring);
    return ring;
  };
  const add = async (order: KeyOrder = READER) => {
    const made = makeKey(order, await file.apiKeys.pepper(), now);
    await file.apiKeys.add(made.hashed);
    return { text: made.text, id: made.hashed.key.id };
  };
  const ask = async (ring: KeyRing, text: string) => ring.callerOf(text);
  const refused = async (ring: KeyRing, text: string) => {
    try {
      await ask(ring, text);
    } catch (error) {
      return error as { code: string; detail: string };
    }
    throw new Error('It was let in.');
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'minutebook-ring-'));
    file = SqliteKeyFile.open(join(folder, 'keys.db'));
    [now, down, lookedUp, reported] = [NOW, false, 0, []];
    written = () => Promise.resolve();
    found = () => Promise.resolve();
  });
  afterEach(async () => {
    down = false;
    for (const ring of rings.splice(0)) await ring.close();
    await file.close();
    rmSync(folder, { recursive: true });
  });

  it('says who holds a key, and caches it', async () => {
    const { text, id } = await add();
    const ring = await open();
    const caller = { id, author: 'ann', roles: ['reader'], source: null, userId: 'ann' };
    expect(await ask(ring, text)).toEqual(caller);
    expect(ring.callerOf(text)).toEqual(caller);
    expect(lookedUp).toBe(1);
  });

  it('refuses a malformed key without a lookup, and an unknown one after it', async () => {
    const ring = await open();
    expect(await refused(ring, 'mb_reader_nonsense')).toMatchObject({ code: 'unauthorized' });
    expect(lookedUp).toBe(0);
    expect((await refused(ring, makeKeyText('reader'))).detail).toContain('no such key');
    expect(lookedUp).toBe(1);
  });

  it('refuses a key from the moment at which it expires, cached or not', async () => {
    const { text } = await add({ ...READER, expiresAt: NOW + 1_000 });
    const ring = await open();
    now = NOW + 999;
    expect(await ask(ring, text)).toMatchObject({ author: 'ann' });
    now = NOW + 1_000;
    expect((await refused(ring, text)).detail).toContain('expired at 2026-11-20T10:00:01.000Z');
    expect((await refused(await open(), text)).detail).toContain('expired');
  });

  it('refuses a key within two seconds after another process revoked it', async () => {
    const { text, id } = await add();
    const ring = await open();
    await ask(ring, text);
    await file.apiKeys.revoke(id, NOW);
    const revokedAt = performance.now();
    while (performance.now() - revokedAt < 10_000) {
      const answer = await ask(ring, text).catch((error: { detail: string }) => error.detail);
      if (typeof answer === 'string') {
        expect(answer).toContain('revoked');
        break;
      }
      await sleep(20);
    }
    expect(performance.now() - revokedAt).toBeLessThan(2_000);
  });

  it('forgets at once a key that was revoked here', async () => {
    const { text, id } = await add();
    const ring = await open();
    await ask(ring, text);
    await file.apiKeys.revoke(id, NOW);
    ring.forget();
    expect((await refused(ring, text)).detail).toContain('revoked');
  });

  it('lets nobody in while the store of keys is down and others serve the ledger, and recovers by itself', async () => {
    const { text } = await add();
    const ring = await open();
    await ask(ring, text);
    down = true;
    await sleep(1_900);
    expect(await refused(ring, text)).toMatchObject({ code: 'store_unavailable' });
    expect(reported).toHaveLength(1);
    down = false;
    expect(await ask(ring, text)).toMatchObject({ author: 'ann' });
  });

  it('accepts the keys it knows while their store is down, if it is alone', async () => {
    const [{ text }, other] = [await add(), await add()];
    const ring = await open(true);
    await ask(ring, text);
    down = true;
    await sleep(1_900);
    expect(await ask(ring, text)).toMatchObject({ author: 'ann' });
    expect(await refused(ring, other.text)).toMatchObject({ code: 'store_unavailable' });
  });

  it('records the day on which a key was last used', async () => {
    const [{ text }, { text: unused }] = [await add(), await add()];
    const ring = await open();
    await ask(ring, text);
    await ring.close();
    const days = async () => (await file.apiKeys.list()).map((key) => key.lastUsedOn).sort();
    expect(await days()).toEqual(['2026-11-20', null]);
    now += 86_400_000;
    const again = await open();
    await ask(again, text);
    await ask(again, unused);
    await again.close();
    expect(await days()).toEqual(['2026-11-21', '2026-11-21']);
  });

  it('lets keys in while the days of their use are still being written', async () => {
    const { text } = await add();
    const ring = await open();
    await ask(ring, text);
    let end!: () => void;
    const slow = new Promise<void>((resolve) => (end = resolve));
    let writes = 0;
    written = () => ((writes += 1), slow);
    await sleep(2_300);
    expect(writes).toBe(1);
    const asked = await Promise.race([ask(ring, text), sleep(500, 'it waits')]);
    end();
    expect(asked).toMatchObject({ author: 'ann' });
  });

  it('reports once that it cannot write, and again if it fails after a success', async () => {
    const [{ text }, { text: other }] = [await add(), await add()];
    const ring = await open();
    const refuse = () => Promise.reject(new Error('The disk is full.'));
    written = refuse;
    await ask(ring, text);
    await sleep(1_300);
    expect(reported).toHaveLength(1);
    written = () => Promise.resolve();
    await sleep(600);
    written = refuse;
    await ask(ring, other);
    await sleep(1_300);
    expect(reported).toHaveLength(2);
    written = () => Promise.resolve();
    await ring.close();
    expect((await file.apiKeys.list()).map((key) => key.lastUsedOn)).toEqual([
      '2026-11-20',
      '2026-11-20',
    ]);
  });

  it('looks up few keys at once, so that invented ones keep out no key that it knows', async () => {
    const [{ text }, { text: other }] = [await add(), await add()];
    const ring = await open();
    await ask(ring, text);
    let end!: () => void;
    const slow = new Promise<void>((resolve) => (end = resolve));
    found = () => slow;
    const invented = Array.from({ length: 16 }, () => refused(ring, makeKeyText('reader')));
    expect(await refused(ring, other)).toMatchObject({ code: 'overloaded' });
    expect(await ask(ring, text)).toMatchObject({ author: 'ann' });
    end();
    for (const { code } of await Promise.all(invented)) expect(code).toBe('unauthorized');
    expect(await ask(ring, other)).toMatchObject({ author: 'ann' });
  });

  it('looks a key up once for all requests that send it meanwhile, but not after a revocation', async () => {
    const { text, id } = await add();
    const ring = await open();
    let end!: () => void;
    const slow = new Promise<void>((resolve) => (end = resolve));
    found = () => slow;
    const asked = Array.from({ length: 100 }, () => ask(ring, text));
    expect(lookedUp).toBe(1);
    await file.apiKeys.revoke(id, NOW);
    ring.forget();
    found = () => Promise.resolve();
    expect((await refused(ring, text)).detail).toContain('revoked');
    expect(lookedUp).toBe(2);
    end();
    await Promise.allSettled(asked);
  });

  it('makes keys that nobody else knows', async () => {
    const ring = await open();
    const text = ring.makeOwn('finance', 'local');
    expect(await ask(ring, text)).toMatchObject({ roles: ['finance'], author: 'local' });
    expect(await file.apiKeys.list()).toEqual([]);
    expect(await refused(await open(), text)).toMatchObject({ code: 'unauthorized' });
  });
});
