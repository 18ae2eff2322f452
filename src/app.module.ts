import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';

import type { EventStore } from './event-store/port';
import { EventsController } from './ingestion/events.controller';
import { RecordFactsHandler } from './ingestion/record-facts';
import { Recorder } from './ingestion/recorder';
import { Clock } from './platform/clock';
import { HealthController } from './platform/health.controller';
import { EVENT_STORE } from './platform/tokens';
import { Projector } from './projections/projector';
import { ReadModel } from './read-model/queries';
import { PendingHandler } from './usage/pending';
import { OneSessionHandler, OneUsageLogHandler, UsageLogsHandler } from './usage/usage-logs';
import { UsageHistoryHandler, UsageSummaryHandler } from './usage/usage-summary';
import { UsageController } from './usage/usage.controller';

/** The parts that are made before Nest starts: plain objects, which need no framework. */
export interface Parts {
  readonly store: EventStore;
  readonly recorder: Recorder;
  readonly projector: Projector;
  readonly readModel: ReadModel;
  readonly clock: Clock;
}

/** The doors and their handlers, in the order in which data meets them: ingest, query, health. */
@Module({})
export class AppModule {
  static of(parts: Parts): DynamicModule {
    const given: Provider[] = [
      { provide: EVENT_STORE, useValue: parts.store },
      { provide: Recorder, useValue: parts.recorder },
      { provide: Projector, useValue: parts.projector },
      { provide: ReadModel, useValue: parts.readModel },
      { provide: Clock, useValue: parts.clock },
    ];
    return {
      module: AppModule,
      imports: [CqrsModule.forRoot()],
      controllers: [EventsController, UsageController, HealthController],
      providers: [
        ...given,
        RecordFactsHandler,
        UsageSummaryHandler,
        UsageHistoryHandler,
        UsageLogsHandler,
        OneUsageLogHandler,
        OneSessionHandler,
        PendingHandler,
      ],
    };
  }
}
