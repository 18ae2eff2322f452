import { keyFor } from '../key-for';
import { startOwnService } from '../own-service';

/** A service and the credential for it. */
export interface Door {
  readonly url: string;
  readonly key: string | undefined;
}

/** Where events are sent, and where the results are read. */
export interface Doors {
  readonly producer: Door;
  readonly finance: Door;
  close(): Promise<void>;
}

/** Which service to use. Without `url`, this process runs one on the configured ledger. */
export interface DoorOptions {
  readonly url: string | undefined;
  readonly key: string | undefined;
  readonly financeKey?: string | undefined;
}

/** @throws Error if the ledger can't be opened. */
export async function openDoors({ url, key, financeKey }: DoorOptions): Promise<Doors> {
  if (url === undefined) {
    const own = await startOwnService();
    const door = (role: 'producer' | 'finance') => ({ url: own.url, key: own.ownKey(role) });
    return { producer: door('producer'), finance: door('finance'), close: () => own.close() };
  }
  console.error(`Ledger: that of the service at ${url}`);
  const at = url.replace(/\/+$/, '');
  return {
    producer: { url: at, key: keyFor('producer', key) },
    finance: { url: at, key: keyFor('finance', financeKey) },
    close: () => Promise.resolve(),
  };
}
