import {
  age,
  centsToUnits,
  growth,
  inCurrency,
  minutes,
  money,
  monthsFrom,
  readCents,
} from './format';

describe('amounts', () => {
  it('are whole cents written exactly', () => {
    expect([5, -5, 123456, 0, -100].map(centsToUnits)).toEqual([
      '0.05',
      '-0.05',
      '1234.56',
      '0.00',
      '-1.00',
    ]);
    expect(money(900719925474099)).toMatch(/9.?007.?199.?254.?740.99/);
  });

  it('are read as a person types them, and refused if they are ambiguous', () => {
    expect(['12.50', '-12.5', '−3', '+7', ' 1 '].map(readCents)).toEqual([
      1250, -1250, -300, 700, 100,
    ]);
    expect(['1,50', '1.234', '', 'x', '1e3', '12345678901'].map(readCents)).toEqual(
      Array(6).fill(undefined),
    );
  });
});

it('an amount names its currency if that is not the one of its place', () => {
  expect(inCurrency('1.25', 'TWD', 'TWD')).toBe('1.25');
  expect(inCurrency('1.25', 'USD', 'TWD')).toBe('USD 1.25');
  expect(inCurrency('1.25', 'USD', null)).toBe('USD 1.25');
});

it('minutes have one decimal', () => {
  expect(minutes('1234.56')).toMatch(/1.?234.6/);
});

it('growth is a share of the earlier value, and undefined if that was 0', () => {
  expect(growth(112, 100)).toBe('+12%');
  expect(growth(50, 100)).toBe('-50%');
  expect(growth(1, 0)).toBeUndefined();
  expect(growth(-10, -5)).toBe('-100%');
  expect(growth(-5, -10)).toBe('+50%');
});

it('months continue across the turn of a year', () => {
  expect(monthsFrom('2026-12', 1)).toBe('2027-01');
  expect(monthsFrom('2026-01', -1)).toBe('2025-12');
});

it('ages have one unit', () => {
  expect([5, 90, 7_200, 200_000].map(age)).toEqual(['5 s', '1 min', '2 h', '2 d']);
});
