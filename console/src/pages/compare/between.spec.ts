import { isAfter, upTo } from './between';

const events = (...positions: readonly string[]) => positions.map((position) => ({ position }));

it('the events up to a moment are all there if an event after it was read', () => {
  const read = { items: events('8', '9', '10', '11'), isWhole: false };
  expect(upTo(read, { position: '10' })).toEqual({ items: events('8', '9', '10'), isWhole: true });
  expect(upTo(read, { position: '11' })).toEqual(read);
  expect(upTo({ ...read, isWhole: true }, { position: '11' })).toEqual({ ...read, isWhole: true });
});

it('moments are in the order of their positions, as numbers', () => {
  expect(isAfter({ position: '10' }, { position: '9' })).toBe(true);
  expect(isAfter({ position: '9' }, { position: '10' })).toBe(false);
  expect(isAfter({ position: '9' }, { position: '9' })).toBe(false);
});
