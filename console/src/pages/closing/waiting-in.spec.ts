import { blockingIn, endedAt, waitingBefore } from './waiting-in';

/** October in a zone eight hours ahead of UTC. */
const OCTOBER = { from: '2026-09-30T16:00:00.000Z', to: '2026-10-31T16:00:00.000Z' };
const since = (...times: readonly string[]) => times.map((time) => ({ since: time }));

const WAITING = since(
  '2026-09-12T10:00:00.000Z',
  '2026-09-30T15:59:59.999Z',
  '2026-09-30T16:00:00.000Z',
  '2026-10-31T15:59:59.999Z',
  '2026-10-31T16:00:00.000Z',
);

it('a close is refused for what completed in its month, not for what an earlier close left waiting', () => {
  expect(blockingIn(WAITING, OCTOBER)).toEqual(WAITING.slice(2, 4));
});

it('what has waited since before the end counts, however old it is', () => {
  expect(waitingBefore(WAITING, OCTOBER.to)).toEqual(WAITING.slice(0, 4));
});

it('a list is read until it leads beyond the month', () => {
  const page = { items: WAITING.slice(0, 4), next_cursor: 'more' };
  expect(endedAt(page, OCTOBER.to)).toEqual(page);
  const last = { items: WAITING, next_cursor: 'more' };
  expect(endedAt(last, OCTOBER.to)).toEqual({ items: WAITING, next_cursor: null });
});
