import { addressOf, readRoute } from './address';

it('a link keeps the month and the moment, and nothing else from the page that it is on', () => {
  const from = '#/users/ann/compare?period=2026-10&as_of=12&a=5&currency=USD';
  expect(addressOf(['logs', 'rec/1~2'], {}, from)).toBe('#/logs/rec%2F1~2?period=2026-10&as_of=12');
  expect(addressOf(['period'], { as_of: undefined, period: '2026-11' }, from)).toBe(
    '#/period?period=2026-11',
  );
});

it('a link reads back as it was written, and a broken one does no harm', () => {
  expect(readRoute(addressOf(['users', 'a@b:c d'], { period: '2026-10' }, ''))).toMatchObject({
    path: ['users', 'a@b:c d'],
    period: '2026-10',
    asOf: undefined,
  });
  expect(readRoute('#/users/%E0%A4%A').path).toEqual(['users', '%E0%A4%A']);
  expect(readRoute('').path).toEqual([]);
});
