import { createService, type Service } from '../app/service';
import type { Config } from '../config/config';
import { StoreError } from '../event-store/errors';
import { readConfigured } from './configured';
import { openingLines } from './opening-lines';

/**
 * Where the command reaches its own service: over plain HTTP, because no certificate names the loopback address. An
 * empty variable counts as unset.
 */
const OWN_ADDRESS = { HOST: '127.0.0.1', PORT: '0', TLS_CERT_FILE: '', TLS_KEY_FILE: '' };

/**
 * Opens the configured ledger in this process, on a free port of the loopback address. Says on standard error which
 * ledger it is and, if it is new, with what terms it was opened.
 * @throws Error if the ledger can't be opened, for example while a service has it.
 */
export async function startOwnService(): Promise<Service> {
  const config = readConfigured({ ...process.env, ...OWN_ADDRESS });
  const service = await openService(config);
  if (service.opening.isNew) {
    for (const line of openingLines(service.opening, config)) console.error(line);
  }
  return service;
}

async function openService(config: Config): Promise<Service> {
  try {
    return await createService(config, { logger: false });
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'locked') throw error;
    throw new Error(`${error.message} Or go through the service that has it, with --url.`, {
      cause: error,
    });
  }
}
