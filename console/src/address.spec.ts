import { addressInMonth, addressOf, isMonth, readRoute } from './address';

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

it('a month is one of twelve; anything else in a link is as if none were there', () => {
  expect(['2026-01', '2026-12', '0001-10'].every(isMonth)).toBe(true);
  for (const text of [
    '2026-13',
    '2026-00',
    '2026-1',
    '202-01',
    'x',
    '',
    '2026-10-01',
    ' 2026-10',
  ]) {
    expect([text, isMonth(text)]).toEqual([text, false]);
    expect(readRoute(`#/period?period=${text}`).period).toBeUndefined();
  }
  expect(readRoute('#/period?period=2026-10').period).toBe('2026-10');
});

it('a page whose path names a month is in that month, and so are its links', () => {
  expect(readRoute('#/closing/2026-09?period=2026-11').period).toBe('2026-09');
  expect(addressOf(['closing', '2026-08'], {}, '#/closing/2026-09?period=2026-09&as_of=7')).toBe(
    '#/closing/2026-08?period=2026-08&as_of=7',
  );
  expect(addressOf(['waiting'], {}, '#/closing/2026-09')).toBe('#/waiting?period=2026-09');
  expect(addressOf(['closing'], {}, '#/period?period=2026-10')).toBe('#/closing?period=2026-10');
});

it('another month is on the same page, or on its own if the path names the month', () => {
  expect(addressInMonth('2026-10', '#/users/ann?period=2026-11&currency=USD&day=2026-11-03')).toBe(
    '#/users/ann?period=2026-10&currency=USD',
  );
  expect(addressInMonth('2026-10', '#/closing/2026-09?period=2026-09&as_of=7')).toBe(
    '#/closing/2026-10?period=2026-10&as_of=7',
  );
});
