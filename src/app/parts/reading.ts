import { Bundles } from '../../bundles/bundles';
import type { BundleSigner } from '../../bundles/write-bundle';
import { Exports } from '../../exports/exports';
import { Problem } from '../../http/problem';
import { JobQueue } from '../../jobs/jobs';
import { OwnFolder } from '../../lib/own-folder';
import { temporaryDatabase } from '../../read-model/sqlite/sqlite-read-model';
import { Reconciliations } from '../../reconcile/reconciliations';
import { AuditJobs } from '../../replay/audit-jobs';
import type { Answers } from '../../snapshots/answers';
import { Places } from '../../snapshots/places';
import { PooledAudits, reconcileOnThreads } from '../threads/pooled';
import { openOwnWorkers } from '../threads/worker';
import { answersOf } from './answering';
import type { Parts } from './parts';
import type { Proofs } from './proofs';
import { reportTo, warnTo, type Start } from './start';

/**
 * One for the comparison, which may work for a minute without a pause, and one to read the next list. Reports, exports
 * and replays share other threads.
 */
const RECONCILING_THREADS = 2;
/** How long a reconciliation waits until the read model has what was recorded before it. */
const CATCH_UP_MS = 60_000;

/** Everything that reads: questions are answered directly, files are streamed, everything longer is a job. */
export interface Reading {
  readonly answers: Answers;
  readonly exports: Exports;
  readonly bundles: Bundles;
  /** Replays and rehearsals. */
  readonly auditJobs: AuditJobs;
  readonly reconciliations: Reconciliations;
  /** Where large bodies are stored while they are processed. */
  readonly bodies: OwnFolder;
}

/**
 * Opens the parts that read. `openServing` registers exports and bundles for closing: they close before the server, so
 * that no slow reader delays a stop.
 */
export function openReading(
  { config, clock, now, opened }: Start,
  parts: Pick<Parts, 'storage' | 'pool' | 'projection' | 'personal' | 'proofs' | 'writing'>,
): Reading {
  const { pool, proofs } = parts;
  const { store, readModel } = parts.storage;
  const { recorder } = parts.writing;
  const { projector } = parts.projection;
  const { forgetting } = parts.personal;
  const places = new Places(readModel, store, clock, (time) => recorder.stampAfter(time));
  const audits = new PooledAudits(pool, places, bundleSignerOf(proofs), now);
  // Opened before the jobs that read from it, so that it is removed after they have stopped.
  const bodies = opened.keep(new OwnFolder('bodies'));
  void bodies.removeLeftOver().catch(reportTo('temporary files'));
  const reconciling = opened.keep(
    openOwnWorkers(config, RECONCILING_THREADS, reportTo('reconciliation')),
  );
  const reconciliations = opened.keep(
    new Reconciliations(
      reconcileOnThreads(reconciling),
      new JobQueue(now, reportTo('reconciliation')),
      async (signal) => {
        if (await projector.waiter.waitFor(await store.head(), CATCH_UP_MS, signal)) return;
        signal.throwIfAborted();
        throw new Problem(
          'not_caught_up',
          'The read model is still behind the ledger. Send the list again later.',
        );
      },
    ),
  );
  const auditJobs = opened.keep(
    new AuditJobs(
      {
        replay: (request, context) => audits.replay(request, context),
        rehearse: (...asked) => audits.rehearse(...asked),
        placeOf: (asOf) => places.placeOf(asOf),
        openItems: temporaryDatabase,
      },
      new JobQueue(now, reportTo('audit')),
    ),
  );
  const answers = answersOf({ config, pool, store, readModel, clock, places, projector });
  forgetting.add(() => answers.forget());
  forgetting.add(() => reconciliations.forget());
  return {
    answers,
    exports: new Exports(
      (request, signal) => audits.export(request, signal),
      ({ message }) => warnTo('export')(message),
    ),
    bundles: new Bundles(
      (...asked) => audits.bundle(...asked),
      ({ message }) => warnTo('bundle')(message),
    ),
    auditJobs,
    reconciliations,
    bodies,
  };
}

/** Makes the signer of bundles, which also has witnesses cosign the events in them. */
function bundleSignerOf({ signer, outsiders }: Proofs): BundleSigner {
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
