import { readIn, t, tx } from './language';

const ROWS = '{0} {0|row was|rows were} derived from {1} {1|event|events}.';

afterEach(() => readIn('en'));

it('writes a noun in the singular for 1, and in the plural for any other number', () => {
  expect(t(ROWS, 1, '1')).toBe('1 row was derived from 1 event.');
  expect(t(ROWS, '0', 2)).toBe('0 rows were derived from 2 events.');
  expect(t(ROWS, '1,001', '11')).toBe('1,001 rows were derived from 11 events.');
  expect(tx('{0} {0|event|events} behind', '1').join('')).toBe('1 event behind');
});

it('has one form for both in Chinese', () => {
  readIn('zh-TW');
  expect(t('Rebuilt from {0} {0|event|events}.', 1)).toBe('已由 1 筆事件重建。');
});
