import { ConsoleLogger } from '@nestjs/common';

import { readConfig } from '../config/config';
import { describeEventStore } from '../config/event-store';
import { describeReadModel } from '../config/read-model';
import { createService } from '../app/service';
import { fail } from './failure';

/** How long an event store may take to come up. */
const WAIT_MS = 120_000;

/** Serves until told to stop; a second signal does not wait. */
export async function serve(): Promise<void> {
  try {
    const config = readConfig(process.env, Date.now());
    const service = await createService(config, {
      waitMs: WAIT_MS,
      logger: new ConsoleLogger({
        json: process.env['LOG_FORMAT'] === 'json',
        logLevels: ['warn', 'error', 'fatal'],
      }),
    });
    const { readModel } = config;
    const readModels =
      readModel.kind === 'sqlite' ? '' : ` Its read models are in ${describeReadModel(readModel)}.`;
    console.log(
      `Minutebook listens on ${service.url} (API: ${service.url}/docs). Its ledger is ${describeEventStore(config.eventStore)}.${readModels}`,
    );
    if (service.firstKeys !== undefined) {
      console.log(`API keys, one a role, are in ${service.firstKeys}, which only you can read.`);
    }
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
  } catch (error) {
    fail(error);
  }
}
