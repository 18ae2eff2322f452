import { cardsOf, reasonsOf, retriedCents, type ComparedMonth } from './compared';

const provider = (stt_provider: string, billable_minutes: string, cost_cents: number) => ({
  stt_provider,
  billable_minutes,
  cost_cents,
});

function monthOf(
  by_provider: ComparedMonth['by_provider'],
  adjustments_cents = 0,
  by_transcription_type: ComparedMonth['by_transcription_type'] = [],
): ComparedMonth {
  const usage = by_provider.reduce((sum, one) => sum + one.cost_cents, 0);
  return {
    cost_cents: usage + adjustments_cents,
    adjustments_cents,
    by_provider,
    by_transcription_type,
  };
}

const difference = (was: ComparedMonth, now: ComparedMonth) => now.cost_cents - was.cost_cents;
const sumOf = (reasons: ReturnType<typeof reasonsOf>) =>
  reasons.reduce((sum, one) => sum + one.cents, 0);

it('distinguishes more minutes from a higher price, and adds up to the difference', () => {
  const was = monthOf([provider('deepgram', '100', 3_000)]);
  const now = monthOf([provider('deepgram', '200', 8_000)]);
  const reasons = reasonsOf(was, now);
  expect(
    reasons.map(({ kind, before, now: after, cents }) => [kind, before, after, cents]),
  ).toEqual([
    ['minutes', 100, 200, 3_000],
    ['price', 0.3, 0.4, 2_000],
  ]);
  expect(sumOf(reasons)).toBe(difference(was, now));
});

it('puts the whole cost of a new or vanished provider down to its minutes', () => {
  const was = monthOf([provider('google', '10', 600)]);
  const now = monthOf([provider('assemblyai', '30', 1_500)]);
  expect(reasonsOf(was, now).map((one) => [one.kind, one.provider, one.cents])).toEqual([
    ['minutes', 'assemblyai', 1_500],
    ['minutes', 'google', -600],
  ]);
});

it('makes adjustments a reason of their own, and leaves out what makes no difference', () => {
  const google = provider('google', '10', 600);
  expect(reasonsOf(monthOf([google]), monthOf([google], -250))).toEqual([
    { kind: 'adjustments', provider: '', before: 0, now: -250, cents: -250 },
  ]);
  expect(reasonsOf(monthOf([google]), monthOf([google]))).toEqual([]);
});

it('adds up to the cent if an average price is a non-terminating decimal', () => {
  const was = monthOf([provider('google', '7.333333', 441), provider('deepgram', '0.1', 3)], -1);
  const now = monthOf([provider('google', '11.016667', 661), provider('deepgram', '29', 1_001)]);
  expect(sumOf(reasonsOf(was, now))).toBe(difference(was, now));
});

it('counts everything but originals as retries', () => {
  const types = [
    { transcription_type: 'original', cost_cents: 100 },
    { transcription_type: 'retry_success', cost_cents: 20 },
    { transcription_type: 'retry_failed', cost_cents: 3 },
  ];
  expect(retriedCents(monthOf([], 0, types))).toBe(23);
});

describe('the rate cards of two months', () => {
  const line = (stt_provider: string, billing_period: string, rate_card_id: string) => ({
    stt_provider,
    billing_period,
    rate_card_id,
  });
  const google = [line('google', '2026-10', 'a'), line('google', '2026-11', 'a')];

  it('are the same only if both months have a line of every provider', () => {
    expect(cardsOf(google, ['google'])).toBe('same');
    expect(cardsOf(google, ['google', 'deepgram'])).toBe('unknown');
    expect(cardsOf([...google, line('deepgram', '2026-11', 'b')], ['google', 'deepgram'])).toBe(
      'unknown',
    );
    expect(cardsOf([], ['google'])).toBe('unknown');
  });

  it('are different if they are for one provider', () => {
    const deepgram = [line('deepgram', '2026-10', 'a'), line('deepgram', '2026-11', 'b')];
    expect(cardsOf([...google, ...deepgram], ['google', 'deepgram'])).toBe('different');
  });
});
