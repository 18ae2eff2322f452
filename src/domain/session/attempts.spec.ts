import type { FactKind, RecordedFact } from '../events/facts';
import { classify } from '../rating/classify';
import { parseRateCard, type RateCard } from '../rating/rate-card';
import { deriveAttempts, describe as described } from './attempts';

const MINUTE = 60_000;

function tell(kind: FactKind, attempt: number, time: number, data: object = {}): RecordedFact {
  return {
    kind,
    source: 'worker',
    id: `${kind}-${attempt}-${time}`,
    time,
    data: {
      session_id: 's',
      user_id: 'ann',
      attempt,
      stt_provider: 'google',
      ...(kind === 'completed' ? { duration_seconds: '60' } : {}),
      ...data,
    },
    personal: {},
    position: 1,
  };
}

const card = (policy = 'bill_first_success'): RateCard => ({
  rate_card_id: 'c',
  ...parseRateCard(
    { currency: 'USD', retry_after_failure: policy, prices: { default: { amount: 1 } } },
    0,
  ),
});

/** Describes each attempt of a session with these facts: status or classification, type, reason. */
function outcome(facts: readonly RecordedFact[], policy?: string): string[] {
  return deriveAttempts(facts).map((attempt) => {
    if (attempt.status !== 'completed') return attempt.status;
    const result = classify(attempt, card(policy));
    if (result.status !== 'log') return result.status;
    return `${attempt.type} ${result.billable ? 'billed' : 'free'} ${result.reason}`;
  });
}

describe('the attempts of a session', () => {
  const first = tell('completed', 1, MINUTE);
  const failed = tell('failed', 1, MINUTE);

  it.each<[says: string, facts: RecordedFact[], then: string[]]>([
    ['an attempt that completed', [first], ['original billed transcription_completed']],
    [
      'an attempt of 0 seconds',
      [tell('completed', 1, 0, { duration_seconds: '0' })],
      ['original free zero_duration'],
    ],
    ['an attempt that only started', [tell('started', 1, 0)], ['open']],
    [
      'a success after a failure',
      [failed, tell('completed', 2, 2 * MINUTE)],
      ['failed', 'retry_failed billed first_success_after_failure'],
    ],
    [
      'a try that ends only because its successor begins',
      [tell('started', 1, 0), tell('retried', 2, MINUTE), tell('completed', 2, 2 * MINUTE)],
      ['failed', 'retry_failed billed first_success_after_failure'],
    ],
    [
      'a success that was requested again',
      [first, tell('retried', 2, 2 * MINUTE), tell('completed', 2, 3 * MINUTE)],
      ['original billed transcription_completed', 'retry_success billed retranscription'],
    ],
    [
      'a success requested again five seconds before it ended: clocks differ',
      [first, tell('retried', 2, MINUTE - 5_000), tell('completed', 2, 3 * MINUTE)],
      ['original billed transcription_completed', 'retry_success billed retranscription'],
    ],
    [
      'a worker that was given up but still finished',
      [first, tell('retried', 2, MINUTE - 5_001), tell('completed', 2, 3 * MINUTE)],
      ['original billed transcription_completed', 'retry_failed free retry_after_failure_free'],
    ],
    ['an attempt whose predecessor is unknown', [tell('completed', 2, 0)], ['open', 'pending']],
    [
      'a success after a failure, with an earlier attempt still open',
      [tell('failed', 2, 0), tell('completed', 3, MINUTE)],
      ['open', 'failed', 'pending'],
    ],
  ])('%s', (_, facts, then) => {
    expect(outcome(facts)).toEqual(then);
    expect(outcome([...facts].reverse())).toEqual(then);
  });

  it('cost what the policy says after a failure', () => {
    const facts = [
      failed,
      tell('completed', 2, 2 * MINUTE),
      tell('failed', 3, 0),
      tell('completed', 4, 4 * MINUTE),
    ];
    const last = (policy: string) => outcome(facts, policy).at(-1);
    expect(last('bill_first_success')).toBe('retry_failed free retry_after_failure_free');
    expect(last('free')).toBe('retry_failed free retry_after_failure_free');
    expect(last('bill')).toBe('retry_failed billed retry_after_failure');
  });

  it('are free if a later one was billed as the first success in a closed period', () => {
    const [attempt] = deriveAttempts([first]);
    expect(classify(attempt!, card(), true)).toMatchObject({
      billable: false,
      reason: 'retry_after_failure_free',
    });
  });

  it('take each description from the completed fact, else from started, else from retried; if several of a kind have it, from the earliest', () => {
    const facts = [
      tell('retried', 2, 0, { client_id: 'console', reason: 'again' }),
      tell('started', 2, 3, { language: 'late', client_id: 'second' }),
      tell('started', 2, 2, { language: 'early' }),
      tell('completed', 2, 9, { word_count: 7 }),
    ];
    expect(described(facts, 2, 0)).toMatchObject({
      word_count: 7,
      language: 'early',
      client_id: 'second',
      reason: 'again',
    });
  });

  it('take their description from the first source by code point if facts have the same time, whatever order they arrive in', () => {
    const facts = [
      { ...tell('started', 1, 0, { language: 'second' }), source: '\u{1F600}' },
      { ...tell('started', 1, 0, { language: 'first' }), source: '\uFB00' },
    ];
    expect(described(facts, 1, 0)).toMatchObject({ language: 'first' });
    expect(described(facts.toReversed(), 1, 0)).toMatchObject({ language: 'first' });
  });
});
