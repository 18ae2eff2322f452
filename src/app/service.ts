import { Logger, type LoggerService } from '@nestjs/common';

import { Bundles } from '../bundles/bundles';
import type { BundleSigner } from '../bundles/write-bundle';
import { Exports } from '../exports/exports';
import { LedgerSigner } from '../proofs/signed-root/ledger-signer';
import { Checkpoints } from '../proofs/published/checkpoints';
import { RootKeeper } from '../proofs/signed-root/root-keeper';
import { RootSigner } from '../proofs/signed-root/root-signer';
import type { Config } from '../config/config';
import type { ConsoleSignIn } from '../config/console-sign-in';
import { Provider } from '../console/provider';
import { AuditJobs } from '../replay/audit-jobs';
import { JobQueue } from '../jobs/jobs';
import { Rebuilds } from '../replay/rebuilds';
import { Reconciliations } from '../reconcile/reconciliations';
import { openLedger } from '../ledger/open-ledger';
import { LedgerHead } from '../ledger/ledger-head';
import { Recorder } from '../ledger/recorder';
import { WatchedStore } from '../ledger/watched-store';
import { PostgresUnavailableError } from '../postgres/errors';
import { project } from '../projections/project';
import { ThreadedProjector } from '../projections/hosted/threaded-projector';
import { checkSameLedger } from '../projections/same-ledger';
import { ReadModel } from '../read-model/queries';
import { compareReadModels, type Sides } from '../read-model/compare';
import type { Difference } from '../read-model/difference';
import { SqliteReadModel } from '../read-model/sqlite/sqlite-read-model';
import { Places } from '../snapshots/places';
import { ThreadPool } from '../threads/pool';
import { answersOf, PooledCardTrial, PooledPeriodAdder } from './answering';
import { Clock } from '../lib/clock';
import { OwnFolder } from '../lib/own-folder';
import { ErasureSweep } from '../erasure/erasure-sweep';
import { KeptPersonalKeys, KeptPersonalSecrets } from '../personal/kept-personal-keys';
import { KeyAdministration } from '../security/keys/key-administration';
import type { Role } from '../security/roles';
import { makeMeter } from './metering';
import { openAdmission } from './admission';
import { openBackground } from './background';
import { CommitSpans } from '../tracing/commit-spans';
import { openTracing } from '../tracing/open-tracing';
import { traceAppend, TracedRecorder } from '../tracing/traced-recorder';
import { createHttp } from './http-server';
import { openOutsiders, type Outsiders } from './outsiders';
import { openTelling } from './telling';
import { RouteTable } from '../http/route-table';
import { checkAddress } from './listening';
import { onceReachable } from './starting';
import { PooledAudits, rebuildOnThread, reconcileOnThreads, type Workers } from './threads/pooled';
import { startProjection } from './threads/projection';
import { startWorker } from './threads/worker';
import {
  joinEventStore,
  openCluster,
  openEventStore,
  openReadModel,
  openReadModelReader,
  openTemporaryDatabase,
  openVault,
} from './stores';

const SHOWN_DIFFERENCES = 100;
/** The position of a ledger's first event, and how long the start waits until the read model has it, in milliseconds. */
const OPENING = 1;
const OPENING_WAIT_MS = 5_000;
const LAST_ROOT_WAIT_MS = 5_000;
/** For how long an alert that is made waits for the ledger's opening, milliseconds. */
const READY_MS = 2_000;
/** After how long without work a thread of the pool is ended. */
const IDLE_MS = 60_000;

/** A running service. */
export interface Service {
  /** Such as `http://127.0.0.1:3000`. */
  readonly url: string;
  readonly projector: Pick<ThreadedProjector, 'waiter' | 'status'>;
  /** The file with the first keys, while it is there. */
  readonly firstKeys: string | undefined;
  /** A key for what runs in this process: kept nowhere, and gone with it. */
  ownKey(role: Role): string;
  /** Every route as `GET /v1/users/:user_id`, sorted. */
  readonly routes: readonly string[];
  /**
   * Fills a read model from nothing in a file of its own, up to where the live one stands, and compares the two, row
   * for row. Nothing may be recorded meanwhile. Answers the first differences, none if they are equal.
   */
  rebuildBeside(path: string, onProgress: (position: number) => void): Promise<Difference[]>;
  /** Stops taking requests, writes what was taken, and lets go of the files. */
  close(): Promise<void>;
}

export interface ServiceOptions {
  /** `false` = say nothing. */
  readonly logger?: LoggerService | false;
  readonly clock?: Clock;
  /** How long to wait for an event store that cannot be reached at start, in milliseconds; left out, not at all. */
  readonly waitMs?: number;
}

/**
 * Puts the service together and starts it.
 * @throws StoreError, OtherZoneError and system errors, each with what to do.
 */
export async function createService(
  config: Config,
  options: ServiceOptions = {},
): Promise<Service> {
  const clock = options.clock ?? new Clock();
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    await checkAddress(config);
    const commits = config.tracing === undefined ? undefined : new CommitSpans();
    if (config.tracing !== undefined) closing.push(openTracing(config.tracing));
    const eventStore = await openEventStore(
      config,
      options.logger === false ? undefined : (line) => new Logger('event store').warn(line),
    );
    closing.push(() => eventStore.close());
    let wake: () => void = () => undefined;
    const meter = makeMeter(reportTo('metrics'));
    closing.push(() => meter.close());
    const store: WatchedStore = new WatchedStore(eventStore, (end) => {
      const { position, events, seconds } = end;
      if (commits !== undefined) traceAppend(end);
      meter.metrics.appended(seconds, events);
      ledgerHead.saw(position);
      wake();
    });
    const ledgerHead = new LedgerHead(store);
    const { opened, lastStamp } = await onceReachable(
      async () => {
        const { opening, billingTimeZone } = config;
        const opened = await openLedger(store, opening, billingTimeZone, clock.now());
        return { opened, lastStamp: (await store.last())?.recordedAt };
      },
      options.waitMs ?? 0,
      config,
      (message) => new Logger('event store').warn(message),
    );
    const vault = await onceReachable(
      () => openVault(config, opened.ledger_id),
      options.waitMs ?? 0,
      config,
      (message) => new Logger('keys').warn(message),
    );
    closing.push(() => vault.close());
    const tables = await onceReachable(
      () => openReadModel(config, reportTo('read model')),
      options.waitMs ?? 0,
      config,
      (message) => new Logger('read model').warn(message),
    );
    closing.push(() => tables.close());
    await checkSameLedger(store, tables.rowsToRead);
    const admission = await openAdmission(
      config,
      vault.apiKeys,
      clock,
      store.shared !== true,
      reportTo('keys'),
    );
    closing.push(() => admission.close());
    const cluster = openCluster(config, store, reportTo('instance'));
    closing.push(() => cluster.close());
    const personalKeys = new KeptPersonalKeys(vault.tables, () => clock.now());
    const readModel = new ReadModel(tables.queries, new KeptPersonalSecrets(vault.tables));
    const sweep = new ErasureSweep({
      store,
      tables: vault.tables,
      keys: personalKeys,
      forget: () => forget(),
      warn: (message) => new Logger('personal keys').warn(message),
      report: reportTo('personal keys'),
    });
    await sweep.begin();
    closing.push(() => sweep.close());
    const signer = await LedgerSigner.of(
      opened.ledger_id,
      vault.signingKeys,
      clock.now(),
      vault.roots,
    );
    warnOfLostKeys(signer.lostKeys);
    const rootSigner = new RootSigner({
      signer,
      heads: vault.heads,
      archive: vault.roots,
      readModel,
      storeHead: () => store.head(),
      now: () => clock.now(),
    });
    const keeper = new RootKeeper(
      rootSigner,
      vault.roots,
      reportTo('signed roots'),
      () => cluster.lease.held,
      (root, pinned) => outsiders.kept(root, pinned),
    );
    await keeper.start();
    const outsiders = openOutsiders({
      choice: config.outsiders,
      archive: vault.roots,
      signer,
      sign: (size) => rootSigner.sign(size),
      readModel,
      signs: () => cluster.lease.held,
      warn: (message) => new Logger('signed roots').warn(message),
    });
    closing.push(() => outsiders.close());
    const telling = openTelling({
      ledgerId: opened.ledger_id,
      tables: vault.tables,
      store,
      readModel,
      allowPrivate: config.webhookAllowPrivate,
      mostWaiting: config.limits.webhookMostWaiting,
      projected: () => projector.waiter.reachedPosition,
      ready: () => projector.waiter.waitFor(OPENING, READY_MS),
      isOnDuty: () => cluster.lease.held,
      now: () => clock.now(),
      warn: (message) => new Logger('webhooks').warn(message),
      report: reportTo('webhooks'),
    });
    closing.push(() => telling.close());
    const pool: Workers = new ThreadPool(
      () => startWorker(config),
      { threads: config.limits.workerThreads, idleMs: IDLE_MS },
      reportTo('threads'),
    );
    closing.push(() => pool.close());
    const projector: ThreadedProjector = new ThreadedProjector(
      (data) => startProjection(config, data),
      reportTo('projector'),
      {
        advanced: (next) => {
          ledgerHead.saw(next.position);
          commits?.committed(next.position);
          keeper.advanced(next);
          telling.advanced();
          sweep.advanced(next);
        },
        deriveAgain: (why) => {
          new Logger('projector').warn(
            `${why} Until then answers are of the ledger before that close.`,
          );
          return rebuilds.beyond();
        },
        lease: cluster.lease,
        storePort: () => joinEventStore(eventStore),
      },
    );
    wake = () => projector.wake();
    const exchange = tables.switchWith?.(projector);
    const rebuilds: Rebuilds = new Rebuilds(
      {
        run: (goal, context) => rebuildOnThread(pool, goal, exchange, context),
        store,
        live: tables.rowsToRead,
      },
      new JobQueue(() => clock.now(), reportTo('rebuild')),
    );
    closing.push(async () => {
      // It may wait for a rebuild, and is told first that it need not.
      const closed = projector.close();
      await rebuilds.close();
      await closed;
    });
    closing.push(async () => {
      // All that was taken is counted before the last root is signed, where that does not take long.
      await projector.waiter.waitFor(await store.head(), LAST_ROOT_WAIT_MS);
      await keeper.close();
    });
    const recordedWith = [store, () => clock.now(), personalKeys, lastStamp, cluster.gate] as const;
    const recorder =
      commits === undefined
        ? new Recorder(...recordedWith)
        : new TracedRecorder(...recordedWith).followedBy(commits);
    closing.push(() => recorder.close());
    const reconciliations = new Reconciliations(
      reconcileOnThreads(pool),
      new JobQueue(() => clock.now(), reportTo('reconciliation')),
    );
    closing.push(() => reconciliations.close());
    const places = new Places(readModel, store, clock, (time) => recorder.stampAfter(time));
    const audits = new PooledAudits(pool, places, coveredBy(outsiders, rootSigner), () =>
      clock.now(),
    );
    const auditJobs = new AuditJobs(
      {
        replay: (request, context) => audits.replay(request, context),
        rehearse: (...asked) => audits.rehearse(...asked),
        placeOf: (asOf) => places.placeOf(asOf),
        openItems: openTemporaryDatabase,
      },
      new JobQueue(() => clock.now(), reportTo('audit')),
    );
    closing.push(() => auditJobs.close());
    const exports = new Exports(
      (request, signal) => audits.export(request, signal),
      (error) => new Logger('export').warn(error.message),
    );
    const bundles = new Bundles(
      (...asked) => audits.bundle(...asked),
      (error) => new Logger('bundle').warn(error.message),
    );
    const answers = answersOf({ config, pool, store, readModel, clock, places, projector });
    const forget = async () => {
      answers.forget();
      await reconciliations.forget();
    };
    const background = openBackground({
      config,
      lease: cluster.lease,
      signedSize: () => keeper.signedSize,
      tell: (happening) => telling.tell(happening),
      now: () => clock.now(),
      report: reportTo('background check'),
    });
    closing.push(() => background.close());
    meter.watch({
      background: background.check,
      recorder,
      ledgerHead,
      projector,
      cluster,
      keeper,
      outsiders,
      telling,
      auditJobs,
      rebuilds,
      answers,
    });
    const provider = config.consoleSignIn && openProvider(config.consoleSignIn);
    closing.push(() => Promise.resolve(provider?.close()));
    const routes = new RouteTable();
    const bodies = new OwnFolder('bodies');
    closing.push(() => bodies.close());
    void bodies.removeLeftOver().catch(reportTo('temporary files'));
    const app = await createHttp(
      {
        bodies,
        store,
        recorder,
        projector,
        readModel,
        clock,
        answers,
        ledgerHead,
        rows: tables.rowsToRead,
        cardTrial: new PooledCardTrial(pool),
        periodAdder: new PooledPeriodAdder(pool),
        maxBehind: config.limits.readyMaxBehind,
        exports,
        rootSigner,
        keeper,
        checkpoints: new Checkpoints(vault.roots, config.outsiders.isPublic),
        auditJobs,
        rebuilds,
        reconciliations,
        bundles,
        cluster,
        alerts: telling.alerts,
        webhooks: telling.webhooks,
        metrics: meter.metrics,
        backgroundCheck: background.check,
        personalKeys,
        forget,
        keys: new KeyAdministration(
          vault.apiKeys,
          () => clock.now(),
          () => admission.ring.forget(),
        ),
      },
      admission.door,
      { ...config, provider },
      options.logger ?? new Logger(),
      routes,
    );
    closing.push(() => app.close());
    // A reader that takes its time keeps nobody from stopping.
    closing.push(() => Promise.resolve(exports.close()));
    closing.push(() => bundles.close());
    const head = await store.head();
    ledgerHead.saw(head);
    projector.start();
    telling.start();
    background.check.start();
    void projector.waiter.reaches(head).then((reached) => {
      if (!reached) return;
      keeper.caughtUp();
      outsiders.start();
    });
    // The opening of the ledger is what every read needs: who asks right after the start need not come again.
    await projector.waiter.waitFor(OPENING, OPENING_WAIT_MS);
    await app.listen(config.port, config.host);
    const rebuildBeside = async (path: string, onProgress: (position: number) => void) => {
      const rebuilt = await SqliteReadModel.open(path);
      const live = await openReadModelReader(config);
      try {
        await project(store, rebuilt.rows, projector.status().position, onProgress);
        const sides = { live: live.queries, replayed: rebuilt.queries };
        return await firstDifferences(sides);
      } finally {
        await live.close();
        await rebuilt.close();
      }
    };
    return {
      rebuildBeside,
      firstKeys: admission.firstKeys,
      ownKey: (role) => admission.ring.makeOwn(role, 'local'),
      url: addressOf(await app.getUrl(), config),
      projector,
      routes: routes.list(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Asked already before the first person comes; it need not answer for the service to start. */
function openProvider(choice: ConsoleSignIn): Provider {
  const provider = new Provider(choice, reportTo('console'));
  void provider.metadata();
  return provider;
}

/** Nest does not know that Fastify speaks TLS. */
function addressOf(url: string, { tls }: Config): string {
  const near = url.replace('[::1]', 'localhost');
  return tls === undefined ? near : near.replace(/^http:/, 'https:');
}

/** Signs bundles, and has witnesses cosign what they hold. */
function coveredBy(outsiders: Outsiders, signer: RootSigner): BundleSigner {
  return {
    get verifierKey() {
      return signer.verifierKey;
    },
    get handovers() {
      return signer.handovers;
    },
    sign: (size, root) => signer.sign(size, root),
    witnessed: async (size) => {
      await outsiders.cover(size);
      return signer.witnessed(size);
    },
  };
}

/** A key that was lost can sign nothing more, and names no key after it. */
function warnOfLostKeys(lost: readonly string[]): void {
  if (lost.length === 0) return;
  new Logger('signed roots').warn(
    `${lost.length === 1 ? 'A key that signed this ledger is' : `${lost.length} keys that signed this ledger are`} not in keys.db: ${lost.join(', ')}. ` +
      'What they signed can still be checked, and they stay published. But no note names the key that signs now: restore keys.db from a backup, or give your auditors the new verifier key yourself (docs/how-to/change-the-signing-key.md).',
  );
}

function reportTo(context: string): (error: unknown) => void {
  const logger = new Logger(context);
  return (error) => {
    if (error instanceof PostgresUnavailableError) return logger.warn(error.message);
    logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  };
}

async function firstDifferences(sides: Sides): Promise<Difference[]> {
  const found: Difference[] = [];
  const compared = compareReadModels(
    () => Promise.resolve(sides),
    {},
    () => undefined,
  );
  for await (const difference of compared) {
    found.push(difference);
    if (found.length >= SHOWN_DIFFERENCES) break;
  }
  return found;
}
