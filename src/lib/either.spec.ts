import { either } from './either';

describe('either', () => {
  it.each([
    [[], ''],
    [['a'], 'a'],
    [['a', 'b'], 'a or b'],
    [['a', 'b', 'c'], 'a, b or c'],
  ])('lists %j as "%s"', (words, said) => {
    expect(either(words)).toBe(said);
  });
});
