import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readConfig } from '../../src/config/config';
import { openVault } from '../../src/app/stores';
import { writeSigningKey } from '../../src/security/signing-keys';
import { describeWithPostgres, newDatabase } from '../support/postgres';
import { vaultContract, type VaultUnderTest } from './vault.contract';

const LEDGER = 'a-ledger';

async function open(readModel?: string, gone?: () => Promise<void>): Promise<VaultUnderTest> {
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
  return { ...vaults[0]!, again, close };
}

describe('keys and signed roots in files', () => vaultContract(() => open()));

describeWithPostgres('keys and signed roots in PostgreSQL', () => {
  vaultContract(async () => {
    const database = await newDatabase();
    return open(database.url, () => database.drop());
  });

  it('begin with the files from before the ledger came there, once', async () => {
    const database = await newDatabase();
    const dataDir = mkdtempSync(join(tmpdir(), 'minutebook-vault-'));
    const files = await openVault(readConfig({ DATA_DIR: dataDir }, 0), LEDGER);
    await files.signingKeys.all(1);
    await files.signingKeys.rotate(2);
    await files.roots.keep({ size: 5, note: 'five\n' }, true);
    const keys = (await files.signingKeys.all(3)).map(writeSigningKey);
    await files.close();
    const config = readConfig({ DATA_DIR: dataDir, READ_MODEL_URL: database.url }, 0);
    for (let times = 0; times < 2; times += 1) {
      const vault = await openVault(config, LEDGER);
      expect((await vault.signingKeys.all(4)).map(writeSigningKey)).toEqual(keys);
      expect(await vault.roots.newest()).toEqual({ size: 5, note: 'five\n' });
      await vault.close();
    }
    rmSync(dataDir, { recursive: true, force: true });
    await database.drop();
  });
});
