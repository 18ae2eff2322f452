import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client } from 'pg';

import { readConfig } from '../../src/config/config';
import { openRoots, openVault } from '../../src/app/open-vault';
import { KEPT_MIGRATIONS, KEPT_SCHEMA } from '../../src/postgres/kept-schema';
import { LOCKS, PROJECTION_LOCK } from '../../src/postgres/locks';
import { migrateSchema } from '../../src/postgres/migrate';
import { PostgresSignedHead } from '../../src/security/postgres/postgres-signed-head';
import { writeSigningKey } from '../../src/security/signing-keys';
import { describeWithPostgres, newDatabase } from '../support/postgres';
import { makeKey } from '../../src/security/keys/new-key';
import { apiKeysContract } from './api-keys.contract';
import { vaultContract, type VaultUnderTest } from './vault.contract';

const LEDGER = 'a-ledger';

async function open(
  readModel?: string,
  gone?: () => Promise<void>,
): Promise<VaultUnderTest & { readonly dataDir: string }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'minutebook-vault-'));
  const environment = {
    DATA_DIR: dataDir,
    ...(readModel === undefined ? {} : { READ_MODEL_URL: readModel }),
  };
  const config = readConfig(environment, Date.now());
  const vaults = [await openVault(config, LEDGER)];
  const again = async () => {
    const vault = await openVault(config, LEDGER);
    vaults.push(vault);
    return vault;
  };
  const close = async () => {
    for (const vault of vaults) await vault.close();
    rmSync(dataDir, { recursive: true, force: true });
    await gone?.();
  };
  return { ...vaults[0]!, again, close, dataDir };
}

/** What a check reads beside a service that signs. */
async function readsTheSignedHead(readModel?: string): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'minutebook-vault-'));
  const place = readModel === undefined ? {} : { READ_MODEL_URL: readModel };
  const config = readConfig({ DATA_DIR: dataDir, ...place }, 0);
  const vault = await openVault(config, LEDGER);
  const open = await openRoots(config);
  expect(await open.signedHead()).toBeUndefined();
  const head = { size: 7, root: '07'.repeat(32) };
  expect(await vault.heads.moveSignedHead(undefined, head)).toBe(true);
  expect(await open.signedHead()).toEqual(head);
  await open.close();
  await vault.close();
  rmSync(dataDir, { recursive: true });
}

describe('keys and signed roots in files', () => {
  vaultContract(() => open());

  it('show the signed head to whoever checks', () => readsTheSignedHead());

  it('show none where there is no key file, and make none', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'minutebook-vault-'));
    const open = await openRoots(readConfig({ DATA_DIR: dataDir }, 0));
    expect(await open.signedHead()).toBeUndefined();
    expect(readdirSync(dataDir)).toEqual([]);
    rmSync(dataDir, { recursive: true });
  });
});

describe('API keys in a file', () => apiKeysContract(() => open()));

describeWithPostgres('API keys in PostgreSQL', () => {
  apiKeysContract(async () => {
    const database = await newDatabase();
    return open(database.url, () => database.drop());
  });

  it('are not replaced by those of a file once they are used there', async () => {
    const database = await newDatabase();
    const [one, other] = [await open(), await open(database.url)];
    const order = {
      role: 'admin',
      name: 'a',
      source: null,
      userId: null,
      expiresAt: null,
    } as const;
    const pepper = await other.apiKeys.pepper();
    await one.apiKeys.add(makeKey(order, await one.apiKeys.pepper(), 1).hashed);
    const vault = await openVault(
      readConfig({ DATA_DIR: one.dataDir, READ_MODEL_URL: database.url }, 0),
      LEDGER,
    );
    expect(await vault.apiKeys.pepper()).toEqual(pepper);
    expect(await vault.apiKeys.list()).toEqual([]);
    await vault.close();
    for (const each of [one, other]) await each.close();
    await database.drop();
  });
});

describeWithPostgres('keys and signed roots in PostgreSQL', () => {
  vaultContract(async () => {
    const database = await newDatabase();
    return open(database.url, () => database.drop());
  });

  it('show the signed head to whoever checks', async () => {
    const database = await newDatabase();
    await readsTheSignedHead(database.url);
    await database.drop();
  });

  it('get a new table even if its migration sorts before one that has run', async () => {
    const database = await newDatabase();
    const steps = Object.entries(KEPT_MIGRATIONS);
    const older = Object.fromEntries(steps.filter(([name]) => !name.endsWith(' personal keys')));
    await migrateSchema(database.url, KEPT_SCHEMA, older);
    const dataDir = mkdtempSync(join(tmpdir(), 'minutebook-vault-'));
    const config = readConfig({ DATA_DIR: dataDir, READ_MODEL_URL: database.url }, 0);
    const vault = await openVault(config, LEDGER);
    expect(await vault.tables.all('SELECT key_id FROM personal_keys')).toEqual([]);
    await vault.close();
    rmSync(dataDir, { recursive: true });
    await database.drop();
  });

  it('are left as they are while an instance of an older version runs, and opened beside one of this version', async () => {
    const database = await newDatabase();
    const older = Object.fromEntries(Object.entries(KEPT_MIGRATIONS).slice(0, -1));
    await migrateSchema(database.url, KEPT_SCHEMA, older);
    const instance = new Client({ connectionString: database.url });
    await instance.connect();
    await instance.query('SELECT pg_advisory_lock($1, $2)', [LOCKS, PROJECTION_LOCK]);
    const dataDir = mkdtempSync(join(tmpdir(), 'minutebook-vault-'));
    const config = readConfig({ DATA_DIR: dataDir, READ_MODEL_URL: database.url }, 0);
    await expect(openVault(config, LEDGER)).rejects.toThrow(
      'An instance of an older version of Minutebook is running on this database. Stop all instances, then start this version.',
    );
    // It can start again.
    await migrateSchema(database.url, KEPT_SCHEMA, older);
    await migrateSchema(database.url, KEPT_SCHEMA, KEPT_MIGRATIONS);
    await (await openVault(config, LEDGER)).close();
    await instance.end();
    rmSync(dataDir, { recursive: true });
    await database.drop();
  });

  it('keep the cosignatures that two instances receive at the same time', async () => {
    const database = await newDatabase();
    const one = await open(database.url);
    const two = await one.again();
    const note = 'minutebook/a-ledger\n7\nroot\n\n— ledger AAAAAGE=\n';
    await one.roots.keep({ size: 7, note }, true);
    const names = Array.from({ length: 20 }, (_, index) => `w${10 + index}`);
    await Promise.all(
      names.map((name, index) => {
        const id = Buffer.from(name.padEnd(4));
        const line = `— ${name} ${Buffer.concat([id, Buffer.from('x')]).toString('base64')}`;
        const { roots } = index % 2 === 0 ? one : two;
        return roots.cosign({ size: 7, note }, line, id.toString('hex'));
      }),
    );
    const kept = await two.roots.at(7);
    for (const name of names) expect(kept.note.split(`— ${name} `)).toHaveLength(2);
    expect(await one.roots.cosigned()).toEqual([kept]);
    await one.close();
    await database.drop();
  });

  it('begin once with the files from before the ledger moved there', async () => {
    const database = await newDatabase();
    const dataDir = mkdtempSync(join(tmpdir(), 'minutebook-vault-'));
    const files = await openVault(readConfig({ DATA_DIR: dataDir }, 0), LEDGER);
    await files.signingKeys.all(1);
    await files.signingKeys.rotate(2);
    await files.roots.keep({ size: 5, note: 'five\n' }, true);
    const keys = (await files.signingKeys.all(3)).map(writeSigningKey);
    const order = {
      role: 'admin',
      name: 'a',
      source: null,
      userId: null,
      expiresAt: null,
    } as const;
    const { hashed } = makeKey(order, await files.apiKeys.pepper(), 1);
    await files.apiKeys.add(hashed);
    const pepper = await files.apiKeys.pepper();
    await files.close();
    const config = readConfig({ DATA_DIR: dataDir, READ_MODEL_URL: database.url }, 0);
    for (let times = 0; times < 2; times += 1) {
      const vault = await openVault(config, LEDGER);
      expect((await vault.signingKeys.all(4)).map(writeSigningKey)).toEqual(keys);
      expect(await vault.roots.newest()).toEqual({ size: 5, note: 'five\n' });
      expect(await vault.apiKeys.pepper()).toEqual(pepper);
      expect(await vault.apiKeys.find(hashed.hash)).toEqual(hashed);
      expect(await vault.apiKeys.list()).toHaveLength(1);
      await vault.close();
    }
    rmSync(dataDir, { recursive: true, force: true });
    await database.drop();
  });

  /** Makes files of a ledger with a key, a root at a close, and what else may lie in the folder. */
  async function filesOf(ledgerId: string): Promise<string> {
    const dataDir = mkdtempSync(join(tmpdir(), 'minutebook-vault-'));
    const files = await openVault(readConfig({ DATA_DIR: dataDir }, 0), ledgerId);
    await files.signingKeys.all(1);
    await files.heads.moveSignedHead(undefined, { size: 9, root: '09'.repeat(32) });
    await files.roots.publishKeys(['a key that was lost']);
    const lost = `minutebook/${ledgerId}\n4\n${Buffer.alloc(32, 4).toString('base64')}\n`;
    await files.roots.keep({ size: 4, note: lost }, true);
    await files.roots.giveUp({ size: 4, root: '04'.repeat(32) });
    const five = `minutebook/${ledgerId}\n5\n${Buffer.alloc(32, 5).toString('base64')}\n`;
    await files.roots.keep({ size: 5, note: five }, true);
    await files.roots.cosign({ size: 5, note: five }, '— a witness AAAAAA==', '0badcafe');
    await files.close();
    return dataDir;
  }

  it('get everything that the files hold, even if the first copy was interrupted', async () => {
    const database = await newDatabase();
    const dataDir = await filesOf(LEDGER);
    const files = await openVault(readConfig({ DATA_DIR: dataDir }, 0), LEDGER);
    const there = [
      await files.roots.publishedKeys(),
      await files.roots.givenUp(),
      await files.roots.cosigned(),
      await files.roots.newest(),
      await files.heads.signedHead(),
    ];
    await files.close();
    const config = readConfig({ DATA_DIR: dataDir, READ_MODEL_URL: database.url }, 0);
    const cut = jest
      .spyOn(PostgresSignedHead.prototype, 'moveSignedHead')
      .mockRejectedValueOnce(new Error('The connection was lost.'));
    await expect(openVault(config, LEDGER)).rejects.toThrow('lost');
    cut.mockRestore();
    const vault = await openVault(config, LEDGER);
    expect([
      await vault.roots.publishedKeys(),
      await vault.roots.givenUp(),
      await vault.roots.cosigned(),
      await vault.roots.newest(),
      await vault.heads.signedHead(),
    ]).toEqual(there);
    await vault.close();
    rmSync(dataDir, { recursive: true, force: true });
    await database.drop();
  });

  it('get nothing from the files of another ledger', async () => {
    const database = await newDatabase();
    const dataDir = await filesOf('another ledger');
    const config = readConfig({ DATA_DIR: dataDir, READ_MODEL_URL: database.url }, 0);
    const vault = await openVault(config, LEDGER);
    expect(await vault.roots.newest()).toBeUndefined();
    expect(await vault.roots.publishedKeys()).toEqual([]);
    await vault.close();
    rmSync(dataDir, { recursive: true, force: true });
    await database.drop();
  });
});
