import { ConsoleLogger } from '@nestjs/common';

import { createService, type Service } from '../app/service';
import { readConfigured } from './configured';
import { fail } from './failure';

/** How long an event store may take to come up. */
const WAIT_MS = 120_000;

/** Serves until told to stop; a second signal does not wait. */
export async function serve(): Promise<void> {
  try {
    const config = readConfigured();
    const service = await createService(config, {
      waitMs: WAIT_MS,
      logger: new ConsoleLogger({
        json: process.env['LOG_FORMAT'] === 'json',
        logLevels: ['warn', 'error', 'fatal'],
      }),
    });
    console.log(`Minutebook listens on ${service.url} (API: ${service.url}/docs).`);
    if (service.firstKeys !== undefined) {
      console.log(`API keys, one a role, are in ${service.firstKeys}, which only you can read.`);
    }
    stopOnSignals(service);
  } catch (error) {
    fail(error);
  }
}

function stopOnSignals(service: Service): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      process.once(signal, () => process.exit(1));
      service.close().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error instanceof Error ? error.message : String(error));
          process.exit(1);
        },
      );
    });
  }
}
