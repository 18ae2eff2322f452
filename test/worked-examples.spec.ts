import { readFileSync } from 'node:fs';

import { readCloudEvent } from '../src/domain/events/cloud-event';
import {
  FACT_TYPES,
  type FactKind,
  type Json,
  type RecordedFact,
} from '../src/domain/events/facts';
import { print, toMinutes, ZERO } from '../src/domain/money';
import { classify } from '../src/domain/rating/classify';
import { parseRateCard, SHIPPED_CARD, type RateCard } from '../src/domain/rating/rate-card';
import { rateStatement, type RatingInput } from '../src/domain/rating/statement';
import { deriveAttempts } from '../src/domain/session/attempts';

interface Example {
  readonly name: string;
  readonly card: Json;
  readonly included_minutes: number | string | null;
  readonly facts: readonly ({ type: FactKind; time: string } & Record<string, Json>)[];
  readonly statement: readonly Record<string, Json>[];
  readonly waiting: readonly Record<string, Json>[];
  readonly summary: Record<string, Json>;
}

const { examples } = JSON.parse(
  readFileSync(`${__dirname}/fixtures/worked-examples.json`, 'utf8'),
) as { examples: readonly Example[] };

function factsOf(example: Example): RecordedFact[] {
  return example.facts.map(({ type, time, ...data }, index) => {
    const event = {
      specversion: '1.0',
      id: `e${index}`,
      source: 'test',
      type: FACT_TYPES[type],
      time,
      data: { user_id: 'u', ...data },
    };
    const reading = readCloudEvent(event, Date.parse('2027-01-01T00:00:00Z'));
    if ('refusal' in reading) throw new Error(reading.refusal.detail);
    return { ...reading.fact, position: index + 1 };
  });
}

function bill(example: Example) {
  const card: RateCard = { rate_card_id: 'c', ...parseRateCard(example.card ?? SHIPPED_CARD, 0) };
  const sessions = groupBySession(factsOf(example));
  const logs = [];
  const waiting = [];
  for (const [session_id, facts] of sessions) {
    for (const attempt of deriveAttempts(facts).filter((one) => one.status === 'completed')) {
      const result = classify(attempt, card);
      if (result.status === 'log') logs.push({ session_id, attempt, ...result });
      else waiting.push({ session_id, attempt: attempt.attempt, status: result.status });
    }
  }
  logs.sort(
    (a, b) =>
      a.attempt.outcome!.time - b.attempt.outcome!.time ||
      (a.session_id < b.session_id
        ? -1
        : a.session_id > b.session_id
          ? 1
          : a.attempt.attempt - b.attempt.attempt),
  );
  const rated = rateStatement(
    logs.map(({ attempt, billable }): RatingInput => {
      const data = attempt.outcome!.data;
      return {
        billable,
        card,
        provider: data.stt_provider!,
        durationSeconds: data.duration_seconds!,
        channels: data.channels!,
        speakerCount: data.speaker_count ?? null,
        confidenceScore: data.confidence_score ?? null,
        includedMinutes: String(example.included_minutes ?? 0),
      };
    }),
  );
  return { logs, rated, waiting };
}

function groupBySession(facts: readonly RecordedFact[]): Map<string, RecordedFact[]> {
  const groups = new Map<string, RecordedFact[]>();
  for (const fact of facts) {
    const group = groups.get(fact.data.session_id) ?? [];
    groups.set(fact.data.session_id, [...group, fact]);
  }
  return groups;
}

describe('the worked examples, on which two naive implementations agreed', () => {
  it('are sixteen', () => expect(examples).toHaveLength(16));

  it.each(examples.map((example) => [example.name, example] as const))('%s', (_, example) => {
    const { logs, rated, waiting } = bill(example);
    expect(
      logs.map((log, index) => ({
        session_id: log.session_id,
        attempt: log.attempt.attempt,
        transcription_type: log.attempt.type,
        billable: log.billable,
        billing_reason: log.reason,
        billed_seconds: print(rated[index]!.billedSeconds),
        included_seconds: print(rated[index]!.includedSeconds),
        cost: print(rated[index]!.cost),
        cost_cents: rated[index]!.costCents,
      })),
    ).toEqual(example.statement);
    expect(waiting).toEqual(example.waiting);
    const billed = rated.reduce((sum, one) => sum.plus(one.billedSeconds), ZERO);
    expect({
      transcriptions: logs.length,
      billed_seconds: print(billed),
      billable_minutes: toMinutes(billed),
      cost: print(rated.reduce((sum, one) => sum.plus(one.cost), ZERO)),
      usage_cost_cents: rated.reduce((sum, one) => sum + one.costCents, 0),
    }).toEqual(example.summary);
  });
});
