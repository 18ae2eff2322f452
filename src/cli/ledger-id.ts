import { openEventReader } from '../app/stores';
import type { Config } from '../config/config';
import { ledgerIdIn } from '../ledger/open-ledger';

/** Returns the id of the configured ledger, whether or not a service is running. @throws Error if there is none yet. */
export async function ledgerIdOf(config: Config): Promise<string> {
  const store = await openEventReader(config);
  try {
    return await ledgerIdIn(store);
  } finally {
    await store.close();
  }
}
