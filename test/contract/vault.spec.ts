import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readConfig } from '../../src/config/config';
import { openRoots, openVault } from '../../src/app/open-vault';
import { KEPT_MIGRATIONS, KEPT_SCHEMA } from '../../src/postgres/kept-schema';
import { migrateSchema } from '../../src/postgres/migrate';
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
});
