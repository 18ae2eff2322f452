import { Logger, type LoggerService } from '@nestjs/common';

import type { Config } from '../config/config';
import { Clock } from '../lib/clock';
import type { Opening } from '../ledger/open-ledger';
import { Opened } from '../lib/opened';
import type { ThreadedProjector } from '../projections/hosted/threaded-projector';
import type { Difference } from '../read-model/difference';
import type { Role } from '../security/roles';
import { openCluster } from './cluster';
import { checkAddress } from './listening';
import { openAdmission } from './parts/admission';
import { openBackgroundCheck } from './parts/background-check';
import type { Parts } from './parts/parts';
import { openPersonal } from './parts/personal';
import { openProjection } from './parts/projection';
import { openProofs } from './parts/proofs';
import { openReading } from './parts/reading';
import { openServing } from './parts/serving';
import { OPENING, reportTo, type Start } from './parts/start';
import { openStorage } from './parts/storage';
import { openTelemetry } from './parts/telemetry';
import { openTelling } from './parts/telling';
import { openWriting } from './parts/writing';
import { rebuildBeside } from './rebuild-beside';
import { openWorkers } from './threads/worker';

/** How long the start waits for the read model to have the ledger's opening, in milliseconds. */
const OPENING_WAIT_MS = 5_000;

/** A running service. */
export interface Service {
  /** Such as `http://127.0.0.1:3000`. */
  readonly url: string;
  /** The opening event of its ledger. */
  readonly opening: Opening;
  readonly projector: Pick<ThreadedProjector, 'waiter' | 'status'>;
  /** The path of the file with the first keys, if it exists. */
  readonly firstKeys: string | undefined;
  /** Makes an API key for code in this process: it is stored nowhere and ends with the process. */
  ownKey(role: Role): string;
  /** Every route, such as `GET /v1/users/:user_id`, sorted. */
  readonly routes: readonly string[];
  /**
   * Fills an empty read model in a separate file, up to the live one's position, and compares the two, row by row.
   * Nothing may be recorded meanwhile. Returns the first differences, at most 100; none if they are equal.
   */
  rebuildBeside(path: string, onProgress: (position: number) => void): Promise<Difference[]>;
  /** Stops taking requests, writes what it has taken, and closes the files. */
  close(): Promise<void>;
}

export interface ServiceOptions {
  /** `false` = log nothing. */
  readonly logger?: LoggerService | false;
  readonly clock?: Clock;
  /** How long to wait at start for a store that cannot be reached, in milliseconds. Default: not at all. */
  readonly waitMs?: number;
}

/**
 * Assembles the service and starts it.
 * @throws StoreError, OtherZoneError and system errors; each message says what to do.
 */
export async function createService(
  config: Config,
  { clock = new Clock(), logger = new Logger(), waitMs = 0 }: ServiceOptions = {},
): Promise<Service> {
  const opened = new Opened();
  try {
    await checkAddress(config);
    return await begin({ config, clock, now: () => clock.now(), logger, waitMs, opened });
  } catch (error) {
    // The first error says why the service did not start, so errors while closing are only logged.
    await opened.close().catch(reportTo('start'));
    throw error;
  }
}

/** Opens the parts one after another, each with the earlier ones that it needs, and starts them. */
async function begin(start: Start): Promise<Service> {
  const { config, opened } = start;
  const telemetry = openTelemetry(start);
  const storage = await openStorage(start, { telemetry });
  const admission = await openAdmission(start, { storage });
  const { store, vault } = storage;
  const cluster = opened.keep(await openCluster(config, store, vault.tables, reportTo('instance')));
  const pool = opened.keep(openWorkers(config, reportTo('threads')));
  const base = { telemetry, storage, admission, cluster, pool };
  const projection = openProjection(start, base);
  const personal = await openPersonal(start, { storage, cluster, projection });
  const telling = openTelling(start, { storage, cluster, projection });
  const proofs = await openProofs(start, { storage, cluster, projection });
  const writing = openWriting(start, { ...base, projection, personal });
  const reading = openReading(start, { ...base, projection, personal, proofs, writing });
  const backgroundCheck = openBackgroundCheck(start, { cluster, proofs, telling });
  const readAndWrite = { writing, reading, backgroundCheck };
  const parts: Parts = { ...base, projection, personal, telling, proofs, ...readAndWrite };
  telemetry.meter.watch(parts);
  const serving = await openServing(start, parts);
  await run(parts);
  return serviceOf(start, parts, { url: await serving.listen(), routes: serving.routes.list() });
}

/** Starts the parts that work in the background, and waits a moment for the rows that every read needs. */
async function run({
  storage,
  projection,
  telling,
  proofs,
  backgroundCheck,
}: Parts): Promise<void> {
  const { projector } = projection;
  const head = await storage.store.head();
  storage.ledgerHead.saw(head);
  projector.start();
  telling.start();
  backgroundCheck.start();
  void projector.waiter.reaches(head).then((reached) => {
    if (!reached) return;
    proofs.keeper.caughtUp();
    proofs.outsiders.start();
  });
  // Otherwise a request right after the start would have to be repeated.
  await projector.waiter.waitFor(OPENING, OPENING_WAIT_MS);
}

function serviceOf(
  { config, opened }: Start,
  { storage, admission, projection: { projector } }: Parts,
  served: Pick<Service, 'url' | 'routes'>,
): Service {
  return {
    ...served,
    opening: storage.opening,
    projector,
    firstKeys: admission.firstKeys,
    ownKey: (role) => admission.ring.makeOwn(role, 'local'),
    rebuildBeside: (path, onProgress) =>
      rebuildBeside(config, storage.store, projector.status().position, path, onProgress),
    close: () => opened.close(),
  };
}
