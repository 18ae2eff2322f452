import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';

import { AlertAdministration } from '../alerts/alert-administration';
import { AlertsController } from '../alerts/alerts.controller';
import { BundleController } from '../bundles/bundle.controller';
import { Bundles } from '../bundles/bundles';
import { ExportController } from '../exports/export.controller';
import { Exports } from '../exports/exports';
import { LeaksHandler } from '../audit/leaks';
import { LedgerController } from '../audit/ledger.controller';
import { LedgerEvents } from '../audit/ledger-events';
import { LedgerProofs } from '../proofs/proofs';
import { ProofsController } from '../proofs/proofs.controller';
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
import { BillingPeriodsHandler, PlansHandler, RateCardsHandler } from '../finance/billing-periods';
import { ClosePeriodHandler } from '../finance/close-period';
import { FinanceController } from '../finance/finance.controller';
import { LedgerWriter } from '../ledger/ledger-writer';
import { AssignPlanHandler, DefinePlanHandler, SetDefaultPlanHandler } from '../finance/plans';
import { CardTrial, PublishRateCardHandler } from '../finance/rate-cards';
import { SessionStanding, VoidSessionHandler } from '../finance/void-session';
import { EventsController } from '../ingestion/events.controller';
import { RecordFactsHandler } from '../ingestion/record-facts';
import { Recorder } from '../ledger/recorder';
import { Clock } from '../lib/clock';
import type { Cluster } from '../cluster/cluster';
import { HealthController } from '../operations/health.controller';
import { CLUSTER, EVENT_STORE } from '../ledger/tokens';
import { ThreadedProjector } from '../projections/hosted/threaded-projector';
import { LedgerIndex } from '../read-model/ledger-index';
import { ReadModel } from '../read-model/queries';
import type { RowsToRead } from '../read-model/rows';
import { KeyAdministration } from '../security/keys/key-administration';
import { HEAD, KeysController } from '../security/keys/keys.controller';
import { EntitlementHandler } from '../usage/entitlement';
import { PendingHandler } from '../usage/pending';
import { UsageReportHandler } from '../usage/report';
import { OneSessionHandler, OneUsageLogHandler, UsageLogsHandler } from '../usage/usage-logs';
import { UsageHistoryHandler, UsageSummaryHandler } from '../usage/usage-summary';
import { ReadModels } from '../snapshots/read-models';
import { UsageTrendHandler } from '../usage/usage-trend';
import { UsageController } from '../usage/usage.controller';
import { WebhookAdministration } from '../webhooks/webhook-administration';
import { WebhooksController } from '../webhooks/webhooks.controller';

/** The parts that are made before Nest starts: plain objects, which need no framework. */
export interface Parts {
  readonly store: EventStore;
  readonly recorder: Recorder;
  readonly projector: ThreadedProjector;
  readonly readModel: ReadModel;
  readonly readModels: ReadModels;
  readonly rows: RowsToRead;
  readonly clock: Clock;
  readonly exports: Exports;
  readonly ledgerIndex: LedgerIndex;
  readonly rootSigner: RootSigner;
  readonly keeper: RootKeeper;
  readonly auditJobs: AuditJobs;
  readonly rebuilds: Rebuilds;
  readonly reconciliations: Reconciliations;
  readonly bundles: Bundles;
  readonly cluster: Cluster;
  readonly keys: KeyAdministration;
  readonly alerts: AlertAdministration;
  readonly webhooks: WebhookAdministration;
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
      { provide: ReadModels, useValue: parts.readModels },
      { provide: CLUSTER, useValue: parts.cluster },
      { provide: KeyAdministration, useValue: parts.keys },
      { provide: AlertAdministration, useValue: parts.alerts },
      { provide: WebhookAdministration, useValue: parts.webhooks },
      { provide: HEAD, useValue: () => parts.store.head() },
      { provide: Clock, useValue: parts.clock },
      { provide: Exports, useValue: parts.exports },
      { provide: LedgerEvents, useValue: new LedgerEvents(parts.store, parts.ledgerIndex) },
      { provide: AuditJobs, useValue: parts.auditJobs },
      { provide: Reconciliations, useValue: parts.reconciliations },
      { provide: Rebuilds, useValue: parts.rebuilds },
      { provide: Bundles, useValue: parts.bundles },
      {
        provide: LedgerWriter,
        useValue: new LedgerWriter(parts.store, parts.recorder, parts.projector, parts.readModel),
      },
      { provide: RootKeeper, useValue: parts.keeper },
      { provide: LedgerProofs, useValue: new LedgerProofs(parts.readModel, parts.rootSigner) },
      { provide: CardTrial, useValue: new CardTrial(parts.store, parts.rows) },
      { provide: SessionStanding, useValue: new SessionStanding(parts.store, parts.rows) },
    ];
    return {
      module: AppModule,
      imports: [CqrsModule.forRoot()],
      controllers: [
        EventsController,
        FinanceController,
        UsageController,
        LedgerController,
        ExportController,
        ProofsController,
        BundleController,
        ReplaysController,
        RehearsalsController,
        RebuildsController,
        ReconciliationsController,
        KeysController,
        AlertsController,
        WebhooksController,
        HealthController,
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
        RateCardsHandler,
        PlansHandler,
        BillingPeriodsHandler,
        UsageReportHandler,
        UsageTrendHandler,
        EntitlementHandler,
        UsageSummaryHandler,
        UsageHistoryHandler,
        UsageLogsHandler,
        OneUsageLogHandler,
        OneSessionHandler,
        PendingHandler,
        LeaksHandler,
      ],
    };
  }
}
