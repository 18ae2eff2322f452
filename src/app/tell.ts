import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { Config } from '../config/config';
import { keepHappening, type Happening } from '../webhooks/happenings';
import { openVault } from './open-vault';

/**
 * Has webhooks told of something by the service that has the ledger, or the next one that starts.
 * Where nobody ever served the ledger, there is nobody to tell.
 * @throws as openVault.
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
