import { differencesOf } from './differences';

const line = (id: string, cost_cents = 3) => ({
  id,
  cost: `0.0${cost_cents}`,
  cost_cents,
  billing_reason: 'transcription_completed',
  transcription_type: 'original',
  duration_seconds: '60',
  billed_seconds: '60',
  included_seconds: '0',
  plan: 'free',
  rate_card_id: 'card',
  billing_period: '2026-11',
  late: false,
});

it('leaves out lines that are the same on both sides', () => {
  expect(differencesOf([line('a'), line('b')], [line('b'), line('a')])).toEqual([]);
});

it('tells new, changed and removed lines apart', () => {
  const found = differencesOf([line('a'), line('b')], [line('c'), line('a', 6)]);
  expect(
    found.map(({ id, before, after, fields }) => [
      id,
      before?.cost_cents,
      after?.cost_cents,
      fields,
    ]),
  ).toEqual([
    ['c', undefined, 3, []],
    ['a', 3, 6, ['cost', 'cost_cents']],
    ['b', 3, undefined, []],
  ]);
});
