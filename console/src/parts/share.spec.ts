import { shareOf } from './share';

it('a limit of 0 is reached by any use of it', () => {
  expect(shareOf(3, 0)).toBe(1);
  expect(shareOf(0, 0)).toBe(0);
  expect(shareOf(5, 10)).toBe(0.5);
  expect(shareOf(15, 10)).toBe(1.5);
});
