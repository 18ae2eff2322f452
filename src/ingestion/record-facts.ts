import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { readCloudEvent, type Reading } from '../domain/events/cloud-event';
import type { Refusal } from '../domain/errors';
import type { Fact, Json } from '../domain/events/facts';
import { codesThatRefuse } from '../http/problem';
import { Clock } from '../lib/clock';
import { mapInTurns } from '../lib/in-turns';
import { Metrics } from '../metrics/metrics';
import { Recorder } from '../ledger/recorder';
import type { FactVerdict } from '../ledger/session-writer';

/** The verdict on an event that was sent. */
export type EventVerdict =
  | { readonly status: 'recorded' | 'duplicate'; readonly position: number }
  | { readonly status: 'rejected'; readonly refusal: Refusal };

/** One verdict for each event, in the order sent, and a position at or after that of every accepted event. */
export interface RecordResult {
  readonly position: number;
  readonly verdicts: readonly EventVerdict[];
}

/** Records CloudEvents as facts of their sessions. */
export class RecordFacts extends Command<RecordResult> {
  /** @param source the prefix that the events' sources must have; `null` = any. */
  constructor(
    readonly events: readonly Json[],
    readonly source: string | null,
  ) {
    super();
  }
}

/** Reads each event, records the valid ones, and answers when they are durable. One bad event spoils no other. */
@CommandHandler(RecordFacts)
export class RecordFactsHandler implements ICommandHandler<RecordFacts, RecordResult> {
  constructor(
    private readonly recorder: Recorder,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {
    // A count that begins with its first refusal has not increased since, so that no alert would see it.
    for (const code of codesThatRefuse('event')) metrics.judged('rejected', code, 0);
  }

  async execute({ events, source }: RecordFacts): Promise<RecordResult> {
    const now = this.clock.now();
    const readings = await mapInTurns(events, (event) =>
      allowed(readCloudEvent(event, now), source),
    );
    const facts: Fact[] = [];
    for (const reading of readings) if ('fact' in reading) facts.push(reading.fact);
    const recorded = await this.recorder.record(facts);
    let next = 0;
    const verdicts = readings.map((reading): FactVerdict =>
      'fact' in reading ? recorded[next++]! : { status: 'rejected', refusal: reading.refusal },
    );
    this.count(verdicts);
    return { verdicts, position: newestOf(verdicts) ?? (await this.recorder.head()) };
  }

  private count(verdicts: readonly EventVerdict[]): void {
    let [recorded, duplicate] = [0, 0];
    for (const verdict of verdicts) {
      if (verdict.status === 'rejected') {
        this.metrics.judged('rejected', verdict.refusal.code, 1);
      } else if (verdict.status === 'recorded') recorded += 1;
      else duplicate += 1;
    }
    if (recorded > 0) this.metrics.judged('recorded', '', recorded);
    if (duplicate > 0) this.metrics.judged('duplicate', '', duplicate);
  }
}

/**
 * Returns the newest position; `undefined` if nothing was recorded. It may be that of a duplicate, if another request
 * recorded it at the same moment: whoever waits for the position must see that event, too.
 */
export function newestOf(verdicts: readonly EventVerdict[]): number | undefined {
  if (!verdicts.some(({ status }) => status === 'recorded')) return undefined;
  return verdicts.reduce(
    (newest, one) => (one.status === 'rejected' ? newest : Math.max(newest, one.position)),
    0,
  );
}

/** Refuses a valid event whose source the producer may not use, before its session is looked at. */
function allowed(reading: Reading, source: string | null): Reading {
  if (source === null || !('fact' in reading) || reading.fact.source.startsWith(source)) {
    return reading;
  }
  return {
    refusal: {
      code: 'source_not_allowed',
      detail: `The key is for sources that begin with "${source}". Send the event under one of them, or with another key.`,
      pointer: '/source',
    },
  };
}
