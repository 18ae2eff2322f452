import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';

import { AlertAdministration } from '../alerts/alert-administration';
import { AlertsController } from '../alerts/alerts.controller';
import type { Config } from '../config/config';
import { BundleController } from '../bundles/bundle.controller';
import { Bundles } from '../bundles/bundles';
import { ExportController } from '../exports/export.controller';
import { Exports } from '../exports/exports';
import { BodyRoom } from '../http/body-room';
import { LedgerController } from '../audit/ledger.controller';
import { ListingController } from '../listing/listing.controller';
import { LastCovered } from '../proofs/last-covered';
import { LedgerProofs } from '../proofs/proofs';
import { ProofsController } from '../proofs/proofs.controller';
import { CheckpointController } from '../proofs/published/checkpoint.controller';
import { Checkpoints } from '../proofs/published/checkpoints';
import { RootKeeper } from '../proofs/signed-root/root-keeper';
import { Reconciliations } from '../reconcile/reconciliations';
import { ReconciliationsController } from '../reconcile/reconciliations.controller';
import { AuditJobs } from '../replay/audit-jobs';
import { Rebuilds } from '../replay/rebuilds';
import { RebuildsController } from '../replay/rebuilds.controller';
import { RehearsalsController } from '../replay/rehearsals.controller';
import { ReplaysController } from '../replay/replays.controller';
import { AdjustUsageHandler } from '../finance/adjustments';
import { ClosePeriodHandler, PeriodAdder } from '../finance/close-period';
import { FinanceController } from '../finance/finance.controller';
import { LedgerHead } from '../ledger/ledger-head';
import { Clock } from '../lib/clock';
import { LedgerWriter } from '../ledger/ledger-writer';
import { AssignPlanHandler, DefinePlanHandler, SetDefaultPlanHandler } from '../finance/plans';
import { CardTrial, PublishRateCardHandler } from '../finance/rate-cards';
import { SessionStanding, VoidSessionHandler } from '../finance/void-session';
import { EventsController } from '../ingestion/events.controller';
import { RecordFactsHandler } from '../ingestion/record-facts';
import { Recorder } from '../ledger/recorder';
import { HealthController, Readiness } from '../operations/health.controller';
import { BackgroundCheck } from '../verify/background-check';
import { CLUSTER, EVENT_STORE } from '../ledger/tokens';
import { ThreadedProjector } from '../projections/hosted/threaded-projector';
import { ReadModel } from '../read-model/queries';
import { Metrics } from '../metrics/metrics';
import { MetricsController } from '../metrics/metrics.controller';
import { ErasureController } from '../erasure/erasure.controller';
import { Eraser } from '../erasure/erase-user';
import { KeyAdministration } from '../security/keys/key-administration';
import { CallerController } from '../security/caller.controller';
import { HEAD, KeysController } from '../security/keys/keys.controller';
import { Answers } from '../snapshots/answers';
import { UsageController } from '../usage/usage.controller';
import { WebhookAdministration } from '../webhooks/webhook-administration';
import { WebhooksController } from '../webhooks/webhooks.controller';
import type { Parts } from './parts/parts';

/** What Nest receives: plain objects that need no framework. */
export interface Given extends Parts {
  readonly config: Pick<Config, 'limits'>;
  readonly clock: Clock;
  readonly bodyRoom: BodyRoom;
}

/** The controllers and their handlers, in the order in which data reaches them: ingest, finance, query, health. */
@Module({})
export class AppModule {
  static of(parts: Given): DynamicModule {
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
        CallerController,
        KeysController,
        ErasureController,
        AlertsController,
        WebhooksController,
        HealthController,
        MetricsController,
      ],
      providers: [
        ...providersOf(parts),
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

function providersOf({ config, clock, ...parts }: Given): Provider[] {
  const { storage, projection, telling, proofs, writing, reading } = parts;
  const { store, readModel } = storage;
  return [
    { provide: EVENT_STORE, useValue: store },
    { provide: HEAD, useValue: () => store.head() },
    { provide: LedgerHead, useValue: storage.ledgerHead },
    { provide: ReadModel, useValue: readModel },
    { provide: CLUSTER, useValue: parts.cluster },
    { provide: KeyAdministration, useValue: parts.admission.keys },
    { provide: ThreadedProjector, useValue: projection.projector },
    { provide: Rebuilds, useValue: projection.rebuilds },
    { provide: AlertAdministration, useValue: telling.alerts },
    { provide: WebhookAdministration, useValue: telling.webhooks },
    { provide: RootKeeper, useValue: proofs.keeper },
    { provide: Checkpoints, useValue: proofs.checkpoints },
    { provide: LedgerProofs, useValue: proofs.ledgerProofs },
    { provide: LastCovered, useValue: proofs.covered },
    { provide: Recorder, useValue: writing.recorder },
    { provide: LedgerWriter, useValue: writing.ledgerWriter },
    { provide: CardTrial, useValue: writing.cardTrial },
    { provide: PeriodAdder, useValue: writing.periodAdder },
    { provide: SessionStanding, useValue: writing.sessionStanding },
    { provide: Eraser, useValue: writing.eraser },
    { provide: Answers, useValue: reading.answers },
    { provide: Exports, useValue: reading.exports },
    { provide: Bundles, useValue: reading.bundles },
    { provide: AuditJobs, useValue: reading.auditJobs },
    { provide: Reconciliations, useValue: reading.reconciliations },
    { provide: BackgroundCheck, useValue: parts.backgroundCheck },
    { provide: Metrics, useValue: parts.telemetry.meter.metrics },
    { provide: Readiness, useValue: new Readiness(config.limits.readyMaxBehind) },
    { provide: Clock, useValue: clock },
    { provide: BodyRoom, useValue: parts.bodyRoom },
  ];
}
