import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';

import { AlertAdministration } from '../alerts/alert-administration';
import { AlertsController } from '../alerts/alerts.controller';
import { BundleController } from '../bundles/bundle.controller';
import { Bundles } from '../bundles/bundles';
import { ExportController } from '../exports/export.controller';
import { Exports } from '../exports/exports';
import { LedgerController } from '../audit/ledger.controller';
import { ListingController } from '../listing/listing.controller';
import { LedgerProofs } from '../proofs/proofs';
import { ProofsController } from '../proofs/proofs.controller';
import { CheckpointController } from '../proofs/published/checkpoint.controller';
import { Checkpoints } from '../proofs/published/checkpoints';
import { RootKeeper } from '../proofs/signed-root/root-keeper';
import type { RootSigner } from '../proofs/signed-root/root-signer';
import { Reconciliations } from '../reconcile/reconciliations';
import { ReconciliationsController } from '../reconcile/reconciliations.controller';
import { AuditJobs } from '../replay/audit-jobs';
import { Rebuilds } from '../replay/rebuilds';
import { RebuildsController } from '../replay/rebuilds.controller';
import { RehearsalsController } from '../replay/rehearsals.controller';
import { ReplaysController } from '../replay/replays.controller';
import type { EventStore } from '../event-store/port';
import { AdjustUsageHandler } from '../finance/adjustments';
import { ClosePeriodHandler, PeriodAdder } from '../finance/close-period';
import { FinanceController } from '../finance/finance.controller';
import { LedgerHead } from '../ledger/ledger-head';
import { Clock } from '../lib/clock';
import type { OwnFolder } from '../lib/own-folder';
import { LedgerWriter } from '../ledger/ledger-writer';
import { AssignPlanHandler, DefinePlanHandler, SetDefaultPlanHandler } from '../finance/plans';
import { CardTrial, PublishRateCardHandler } from '../finance/rate-cards';
import { SessionStanding, VoidSessionHandler } from '../finance/void-session';
import { EventsController } from '../ingestion/events.controller';
import { RecordFactsHandler } from '../ingestion/record-facts';
import { Recorder } from '../ledger/recorder';
import type { Cluster } from '../cluster/cluster';
import { HealthController, Readiness } from '../operations/health.controller';
import { BackgroundCheck } from '../verify/background-check';
import { CLUSTER, EVENT_STORE } from '../ledger/tokens';
import { ThreadedProjector } from '../projections/hosted/threaded-projector';
import { ReadModel } from '../read-model/queries';
import type { RowsToRead } from '../read-model/rows';
import { Metrics } from '../metrics/metrics';
import { MetricsController } from '../metrics/metrics.controller';
import { ErasureController } from '../erasure/erasure.controller';
import { Eraser } from '../erasure/erase-user';
import type { KeptPersonalKeys } from '../personal/kept-personal-keys';
import { KeyAdministration } from '../security/keys/key-administration';
import { HEAD, KeysController } from '../security/keys/keys.controller';
import { Answers } from '../snapshots/answers';
import { UsageController } from '../usage/usage.controller';
import { WebhookAdministration } from '../webhooks/webhook-administration';
import { WebhooksController } from '../webhooks/webhooks.controller';

/** The parts that are made before Nest starts: plain objects, which need no framework. */
export interface Parts {
  /** Where large bodies lie while they are worked on. */
  readonly bodies: Pick<OwnFolder, 'folder'>;
  readonly store: EventStore;
  readonly recorder: Recorder;
  readonly projector: ThreadedProjector;
  readonly readModel: ReadModel;
  readonly clock: Clock;
  readonly answers: Answers;
  readonly ledgerHead: LedgerHead;
  readonly rows: RowsToRead;
  readonly cardTrial: CardTrial;
  readonly periodAdder: PeriodAdder;
  /** How many events the read model may be behind of a service that is ready. */
  readonly maxBehind: number;
  readonly exports: Exports;
  readonly rootSigner: RootSigner;
  readonly keeper: RootKeeper;
  readonly checkpoints: Checkpoints;
  readonly auditJobs: AuditJobs;
  readonly rebuilds: Rebuilds;
  readonly reconciliations: Reconciliations;
  readonly bundles: Bundles;
  readonly cluster: Cluster;
  readonly keys: KeyAdministration;
  readonly personalKeys: KeptPersonalKeys;
  /** Lets go of answers and finished jobs, which may hold what is erased. */
  readonly forget: () => Promise<void>;
  readonly alerts: AlertAdministration;
  readonly webhooks: WebhookAdministration;
  readonly metrics: Metrics;
  readonly backgroundCheck: BackgroundCheck;
}

/** The doors and their handlers, in the order in which data meets them: ingest, finance, query, health. */
@Module({})
export class AppModule {
  static of(parts: Parts): DynamicModule {
    const given: Provider[] = [
      { provide: EVENT_STORE, useValue: parts.store },
      { provide: Recorder, useValue: parts.recorder },
      { provide: ThreadedProjector, useValue: parts.projector },
      { provide: ReadModel, useValue: parts.readModel },
      { provide: KeyAdministration, useValue: parts.keys },
      { provide: AlertAdministration, useValue: parts.alerts },
      { provide: WebhookAdministration, useValue: parts.webhooks },
      { provide: BackgroundCheck, useValue: parts.backgroundCheck },
      { provide: Metrics, useValue: parts.metrics },
      { provide: HEAD, useValue: () => parts.store.head() },
      { provide: Clock, useValue: parts.clock },
      { provide: Answers, useValue: parts.answers },
      { provide: LedgerHead, useValue: parts.ledgerHead },
      { provide: Readiness, useValue: new Readiness(parts.maxBehind) },
      { provide: CLUSTER, useValue: parts.cluster },
      { provide: Exports, useValue: parts.exports },
      { provide: AuditJobs, useValue: parts.auditJobs },
      { provide: Reconciliations, useValue: parts.reconciliations },
      { provide: Rebuilds, useValue: parts.rebuilds },
      { provide: Bundles, useValue: parts.bundles },
      {
        provide: LedgerWriter,
        useValue: new LedgerWriter(parts.store, parts.recorder, parts.projector, parts.readModel),
      },
      { provide: RootKeeper, useValue: parts.keeper },
      { provide: Checkpoints, useValue: parts.checkpoints },
      { provide: LedgerProofs, useValue: new LedgerProofs(parts.readModel, parts.rootSigner) },
      { provide: Eraser, useValue: new Eraser({ ...parts, keys: parts.personalKeys }) },
      { provide: CardTrial, useValue: parts.cardTrial },
      { provide: PeriodAdder, useValue: parts.periodAdder },
      { provide: SessionStanding, useValue: new SessionStanding(parts.store, parts.rows) },
    ];
    return {
      module: AppModule,
      imports: [CqrsModule.forRoot()],
      controllers: [
        EventsController,
        FinanceController,
        UsageController,
        ListingController,
        LedgerController,
        ExportController,
        ProofsController,
        CheckpointController,
        BundleController,
        ReplaysController,
        RehearsalsController,
        RebuildsController,
        ReconciliationsController,
        KeysController,
        ErasureController,
        AlertsController,
        WebhooksController,
        HealthController,
        MetricsController,
      ],
      providers: [
        ...given,
        RecordFactsHandler,
        PublishRateCardHandler,
        DefinePlanHandler,
        SetDefaultPlanHandler,
        AssignPlanHandler,
        AdjustUsageHandler,
        VoidSessionHandler,
        ClosePeriodHandler,
      ],
    };
  }
}
