import { createServer } from 'node:net';

import { ConsoleLogger } from '@nestjs/common';

import { createService, type Service } from '../app/service';
import type { Config } from '../config/config';
import { readConfigured } from './configured';
import { fail } from './failure';

/** How long an event store may take to come up. */
const WAIT_MS = 120_000;

/** Serves until told to stop; a second signal does not wait. */
export async function serve(): Promise<void> {
  try {
    const config = readConfigured();
    // Before anything is opened or made: a service that can't listen leaves nothing.
    await checkPort(config);
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

/** @throws Error with what to do if the service can't listen there. */
function checkPort({ host, port }: Pick<Config, 'host' | 'port'>): Promise<void> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new Error(refusalOf(error, host, port), { cause: error }));
    });
    server.listen(port, host, () => server.close(() => resolve()));
  });
}

function refusalOf({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === 'EADDRINUSE') {
    return `Port ${port} of ${host} is in use by another program: stop it, or set PORT to another one (0 = any that is free).`;
  }
  if (code === 'EACCES') {
    return `This user may not listen on port ${port}: set PORT to one from 1024 on.`;
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `HOST is ${host}, which is no address of this machine.`;
  }
  return message;
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
