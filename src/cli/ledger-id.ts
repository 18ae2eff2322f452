import { openEventReader } from '../app/stores';
import type { Config } from '../config/config';
import { ledgerIdIn } from '../ledger/open-ledger';

/** The id of the ledger of the configuration, beside a service or not. @throws Error if there is none yet. */
export async function ledgerIdOf(config: Config): Promise<string> {
  const store = await openEventReader(config);
  try {
    return await ledgerIdIn(store);
  } finally {
    await store.close();
  }
}
