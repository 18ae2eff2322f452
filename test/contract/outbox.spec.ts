import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openVault } from '../../src/app/open-vault';
import { readConfig } from '../../src/config/config';
import { describeWithPostgres, newDatabase } from '../support/postgres';
import { deliveryScheduleContract } from './delivery-schedule.contract';
import { outboxContract, type TablesUnderTest } from './outbox.contract';
import { toldContract } from './told.contract';

const LEDGER = 'a-ledger';

async function open(readModel?: string, gone?: () => Promise<void>): Promise<TablesUnderTest> {
  const dataDir = mkdtempSync(join(tmpdir(), 'minutebook-outbox-'));
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
  return { tables: vaults[0]!.tables, again, close };
}

function contract(place: () => Promise<TablesUnderTest>): void {
  outboxContract(place);
  describe('when it sends', () => deliveryScheduleContract(place));
  describe('when it is told', () => toldContract(place));
}

describe('webhooks and alerts in a file', () => contract(() => open()));

describeWithPostgres('webhooks and alerts in PostgreSQL', () =>
  contract(async () => {
    const database = await newDatabase();
    return open(database.url, () => database.drop());
  }),
);
