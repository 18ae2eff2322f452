import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { readCloudEvent } from '../domain/events/cloud-event';
import type { Refusal } from '../domain/errors';
import type { Fact, Json } from '../domain/events/facts';
import { Clock } from '../lib/clock';
import { Recorder } from '../ledger/recorder';
import type { FactVerdict } from '../ledger/session-writer';

/** What became of an event that was sent. */
export type EventVerdict =
  | { readonly status: 'recorded' | 'duplicate'; readonly position: number }
  | { readonly status: 'rejected'; readonly refusal: Refusal };

/** One verdict an event, in the order sent, and the position that all of it is at or before. */
export interface RecordResult {
  readonly position: number;
  readonly verdicts: readonly EventVerdict[];
}

/** Record these CloudEvents as facts of their sessions. */
export class RecordFacts extends Command<RecordResult> {
  constructor(readonly events: readonly Json[]) {
    super();
  }
}

/** Reads each event, records those that are sound, and answers when that is durable. One bad event spoils no other. */
@CommandHandler(RecordFacts)
export class RecordFactsHandler implements ICommandHandler<RecordFacts, RecordResult> {
  constructor(
    private readonly recorder: Recorder,
    private readonly clock: Clock,
  ) {}

  async execute({ events }: RecordFacts): Promise<RecordResult> {
    const now = this.clock.now();
    const readings = events.map((event) => readCloudEvent(event, now));
    const facts: Fact[] = [];
    for (const reading of readings) if ('fact' in reading) facts.push(reading.fact);
    const recorded = await this.recorder.record(facts);
    let next = 0;
    const verdicts = readings.map((reading): FactVerdict =>
      'fact' in reading ? recorded[next++]! : { status: 'rejected', refusal: reading.refusal },
    );
    const newest = Math.max(
      0,
      ...verdicts.map((one) => (one.status === 'recorded' ? one.position : 0)),
    );
    return { verdicts, position: newest > 0 ? newest : await this.recorder.head() };
  }
}
