import { Logger } from '@nestjs/common';

import { createService, type Service } from '../app/service';
import { keepHeapSmall } from '../app/small-heap';
import { openLog } from '../logging/open-log';
import { readConfigured } from './configured';
import { fail, surviveLostOutput } from './failure';
import { openingLines } from './opening-lines';
import { outputOf, type ServiceOutput } from './service-output';

/** How long to wait for an event store to come up, in milliseconds. */
const WAIT_MS = 120_000;

/**
 * For how long after a signal another one counts as the same, in milliseconds. A terminal sends Ctrl-C to all programs
 * in it, and npm, through which the service was started, passes it on once more.
 */
const SAME_SIGNAL_MS = 500;

/** Serves until told to stop. A second signal ends the process at once. */
export async function serve(): Promise<void> {
  surviveLostOutput();
  const output = outputOf(process.env);
  const stop = stopOnSignals(output);
  try {
    const config = readConfigured(process.env, output.sayLedger, output.sayWarning);
    const { heapGrowingPercent } = config.memory;
    if (heapGrowingPercent !== undefined) keepHeapSmall(heapGrowingPercent);
    const logger = openLog(config.logs);
    Logger.overrideLogger(logger);
    const service = await createService(config, { waitMs: WAIT_MS, logger });
    // Before the line that says that the service listens: a program that reads that line may tell it to stop at once.
    stop.service = service;
    openingLines(service.opening, config).forEach(output.say);
    output.say(`Minutebook listens on ${service.url} (API: ${service.url}/docs).`);
    if (service.firstKeys !== undefined) {
      output.say(
        `API keys, one for each role, are in ${service.firstKeys}, which only you can read.`,
      );
    }
  } catch (error) {
    fail(error, output.sayFailure);
  }
}

/** What a signal closes. */
interface Stop {
  /** `undefined` until it has started. */
  service: Service | undefined;
}

/**
 * Ends the process on a signal, also during the start, when the service has acknowledged nothing. Without a handler,
 * process 1 of a container would ignore the signal, and be killed at the end of the grace period.
 */
function stopOnSignals({ say, sayFailure }: ServiceOutput): Stop {
  const stop: Stop = { service: undefined };
  let stoppedAt: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const now = performance.now();
      if (stoppedAt !== undefined) {
        if (now - stoppedAt > SAME_SIGNAL_MS) process.exit(1);
        return;
      }
      stoppedAt = now;
      if (stop.service === undefined) {
        say(`Stopped by ${signal} before the start was complete.`);
        process.exit(0);
      }
      stop.service.close().then(
        () => process.exit(0),
        (error: unknown) => {
          sayFailure(error instanceof Error ? error.message : String(error));
          process.exit(1);
        },
      );
    });
  }
  return stop;
}
