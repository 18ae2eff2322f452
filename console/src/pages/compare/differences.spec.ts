import { billedChanges, differencesOf, type ComparedLines } from './differences';

const line = (id: string, cost_cents = 3, day = '05') => ({
  id,
  completed_at: `2026-11-${day}T10:00:00.000Z`,
  currency: 'TWD',
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

type Lines = ComparedLines['lines'];
const whole = (...lines: Lines): ComparedLines => ({ lines, isWhole: true });
const cut = (...lines: Lines): ComparedLines => ({ lines, isWhole: false });

it('leaves out lines that are the same on both sides', () => {
  expect(differencesOf(whole(line('a'), line('b')), whole(line('b'), line('a')))).toEqual([]);
});

it('tells new, changed and removed lines apart', () => {
  const found = differencesOf(whole(line('a'), line('b')), whole(line('c'), line('a', 6)));
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

it('shows how much more a line bills in each of its currencies', () => {
  const changesOf = (before: Lines, after: Lines) =>
    differencesOf(whole(...before), whole(...after)).map((one) => [...billedChanges(one)]);
  const inUsd = { ...line('a', 5), currency: 'USD' };
  expect(changesOf([line('a')], [line('a', 6)])).toEqual([[['TWD', 3]]]);
  expect(changesOf([], [inUsd])).toEqual([[['USD', 5]]]);
  expect(changesOf([line('a')], [inUsd])).toEqual([
    [
      ['TWD', -3],
      ['USD', 5],
    ],
  ]);
});

describe('of statements that are cut', () => {
  const [newest, newer, older, oldest] = [
    line('d', 3, '09'),
    line('c', 3, '08'),
    line('b', 3, '07'),
    line('a', 3, '06'),
  ] as const;
  const idsOf = (before: ComparedLines, after: ComparedLines) =>
    differencesOf(before, after).map(({ id, after: is }) => [
      id,
      is === undefined ? 'gone' : 'new',
    ]);

  it('a line is not gone because newer lines have pushed it out', () => {
    expect(idsOf(cut(newer, older, oldest), cut(newest, newer, older))).toEqual([['d', 'new']]);
    expect(idsOf(whole(newer, older, oldest), cut(newest, newer, older))).toEqual([['d', 'new']]);
  });

  it('a line is not new because voided ones have made room for it', () => {
    expect(idsOf(cut(newest, newer, older), cut(newer, older, oldest))).toEqual([['d', 'gone']]);
    expect(idsOf(cut(newest, newer, older), whole(newer, older, oldest))).toEqual([['d', 'gone']]);
  });
});
