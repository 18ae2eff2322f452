import type { Config } from '../config/config';
import { LEDGER_EVENTS, readLedgerEvent } from '../domain/ledger';
import { START } from '../event-store/port';
import { openEventReader } from '../app/stores';

/** The id of the ledger of the configuration, beside a service or not. @throws Error where there is none yet. */
export async function ledgerIdOf(config: Config): Promise<string> {
  const store = await openEventReader(config);
  try {
    const [first] = await store.readAll(START, 1);
    if (first?.type !== LEDGER_EVENTS.opened) {
      throw new Error('There is no ledger yet: start the service once, which opens it.');
    }
    return readLedgerEvent(first.type, first.body).data.ledger_id;
  } finally {
    await store.close();
  }
}
