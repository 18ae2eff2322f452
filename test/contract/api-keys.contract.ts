import { randomBytes } from 'node:crypto';

import type { ApiKey, ApiKeys, HashedKey } from '../../src/security/keys/api-keys';
import type { Role } from '../../src/security/roles';

/** A store of API keys, and how to open it once more, as another instance or after a restart. */
export interface KeysUnderTest {
  readonly apiKeys: ApiKeys;
  again(): Promise<{ readonly apiKeys: ApiKeys }>;
  close(): Promise<void>;
}

const NOW = Date.parse('2026-11-20T00:00:00Z');
let made = 0;

/** A key that nobody has ever been shown. */
function key(role: Role, more: Partial<ApiKey> = {}): HashedKey {
  made += 1;
  const plain = { source: null, userId: null, expiresAt: null, lastUsedOn: null, revokedAt: null };
  const named = { id: `key_${made}`, role, name: `${role} ${made}`, createdAt: NOW + made };
  return { key: { ...named, ...plain, ...more }, hash: randomBytes(32) };
}

/** What every store of API keys does. */
export function apiKeysContract(open: () => Promise<KeysUnderTest>): void {
  let place: KeysUnderTest;
  beforeEach(async () => (place = await open()));
  afterEach(() => place.close());
  const keys = () => place.apiKeys;
  const list = async () => (await keys().list()).map(({ id }) => id);

  it('has one secret, the same for the first caller and all others', async () => {
    const others = await Promise.all([place.again(), place.again(), place.again()]);
    const all = await Promise.all(
      [keys(), ...others.map((one) => one.apiKeys)].map((one) => one.pepper()),
    );
    expect(all[0]).toHaveLength(32);
    for (const pepper of all) expect(pepper).toEqual(all[0]);
  });

  it('finds a key by its hash, as it was added', async () => {
    const all = [
      key('producer', { source: 'my/worker' }),
      key('reader', { userId: 'ann', expiresAt: NOW + 1 }),
      key('admin', { name: 'Ünï "code"' }),
    ];
    for (const one of all) await keys().add(one);
    const { apiKeys } = await place.again();
    for (const one of all) expect(await apiKeys.find(one.hash)).toEqual(one);
    expect(await apiKeys.find(randomBytes(32))).toBeUndefined();
    expect(await apiKeys.list()).toEqual(all.map((one) => one.key));
  });

  it('keeps one set of first keys when several instances begin at the same time', async () => {
    const others = await Promise.all([place.again(), place.again()]);
    const begun = await Promise.all(
      [keys(), ...others.map((one) => one.apiKeys)].map((one) => one.begin(() => [key('admin')])),
    );
    expect(begun.filter(Boolean)).toHaveLength(1);
    expect(await list()).toHaveLength(1);
  });

  it('keeps none of the first keys if making them fails', async () => {
    const full = () => {
      throw new Error('The disk is full.');
    };
    await expect(keys().begin(full)).rejects.toThrow('full');
    expect(await list()).toEqual([]);
    expect(await keys().begin(() => [key('admin')])).toBe(true);
  });

  it('makes no first keys once any key has existed, revoked or not', async () => {
    const [gone, other] = [key('reader'), key('admin')];
    await keys().add(gone);
    await keys().add(other);
    await keys().revoke(gone.key.id, NOW);
    expect(await keys().begin(() => [key('admin')])).toBe(false);
  });

  it('says when a key was first revoked, and counts revocations', async () => {
    const one = key('producer');
    await keys().add(one);
    expect(await keys().revocations()).toBe(0);
    expect(await keys().revoke(one.key.id, NOW)).toBe('revoked');
    expect(await keys().revoke(one.key.id, NOW + 5)).toBe('revoked');
    expect(await keys().revoke('key_none', NOW)).toBe('unknown');
    const { apiKeys } = await place.again();
    expect(await apiKeys.revocations()).toBe(1);
    expect((await apiKeys.find(one.hash))!.key.revokedAt).toBe(NOW);
  });

  it('does not revoke the last usable admin key', async () => {
    const [last, expired, revoked] = [
      key('admin'),
      key('admin', { expiresAt: NOW - 1 }),
      key('admin'),
    ];
    for (const one of [last, expired, revoked]) await keys().add(one);
    expect(await keys().revoke(revoked.key.id, NOW)).toBe('revoked');
    expect(await keys().revoke(last.key.id, NOW)).toBe('last_admin');
    expect(await keys().revoke(expired.key.id, NOW)).toBe('revoked');
    await keys().add(key('admin'));
    expect(await keys().revoke(last.key.id, NOW)).toBe('revoked');
  });

  it('leaves one admin key when all are revoked at once', async () => {
    const admins = [key('admin'), key('admin'), key('admin')];
    for (const one of admins) await keys().add(one);
    const others = await Promise.all([place.again(), place.again()]);
    const places = [keys(), ...others.map((one) => one.apiKeys)];
    const became = await Promise.all(admins.map((one, at) => places[at]!.revoke(one.key.id, NOW)));
    expect(became.sort()).toEqual(['last_admin', 'revoked', 'revoked']);
  });

  it('records the last day of use, which never goes back', async () => {
    const [one, other] = [key('reader'), key('reader')];
    for (const each of [one, other]) await keys().add(each);
    await keys().used(new Map([[one.key.id, '2026-11-20']]));
    await keys().used(
      new Map([
        [one.key.id, '2026-11-19'],
        [other.key.id, '2026-11-21'],
      ]),
    );
    expect((await keys().list()).map((each) => each.lastUsedOn)).toEqual([
      '2026-11-20',
      '2026-11-21',
    ]);
    await keys().used(new Map());
  });
}
