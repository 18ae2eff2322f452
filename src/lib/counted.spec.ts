import { counted, oneOrMany } from './counted';

describe('a number with its noun', () => {
  it.each([
    [0, '0 events'],
    [1, '1 event'],
    ['1', '1 event'],
    [1n, '1 event'],
    [2, '2 events'],
    ['11', '11 events'],
  ])('for %p is %s', (number, said) => {
    expect(counted(number, 'event')).toBe(said);
  });

  it('can have an irregular plural and a verb that agrees', () => {
    expect(counted(2, 'summary', 'summaries')).toBe('2 summaries');
    expect(['1', 3].map((number) => oneOrMany(number, 'is', 'are'))).toEqual(['is', 'are']);
  });
});
