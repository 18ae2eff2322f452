import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { Config } from '../config/config';
import { keepHappening, type Happening } from '../webhooks/happenings';
import { openVault } from './open-vault';

/**
 * Queues a happening for webhooks. The service that is running on the ledger sends it, or else the next one to start.
 * Does nothing if no service ever ran on the ledger: then it has no webhooks.
 * @throws as {@link openVault}.
 */
export async function tell(config: Config, ledgerId: string, happening: Happening): Promise<void> {
  const keys = join(config.dataDir, 'keys.db');
  if (config.readModel.kind === 'sqlite' && !existsSync(keys)) return;
  const vault = await openVault(config, ledgerId);
  try {
    await vault.tables.batch(keepHappening(ledgerId, happening, Date.now()));
  } finally {
    await vault.close();
  }
}
