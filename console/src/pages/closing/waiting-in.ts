import type { ListPage } from '../../api/all-pages';

/** A waiting attempt, as far as a close looks at it. */
interface Waited {
  /** When it completed; if it has not, when it was requested or started. */
  readonly since: string;
}

/** A month in the ledger's zone: its first instant, and the first one after it. */
interface Month {
  readonly from: string;
  readonly to: string;
}

/**
 * Returns the attempts that a close of the month is refused for: those that completed in it. An older one, which a
 * forced close left waiting, is billed in an open month once it settles, and keeps no other month open.
 * @param waiting pending and unrated attempts.
 */
export function blockingIn<One extends Waited>(
  waiting: readonly One[],
  { from, to }: Month,
): readonly One[] {
  const begin = Date.parse(from);
  return waitingBefore(waiting, to).filter(({ since }) => Date.parse(since) >= begin);
}

/** Returns the attempts that have waited since before a moment. */
export function waitingBefore<One extends Waited>(
  waiting: readonly One[],
  to: string,
): readonly One[] {
  const end = Date.parse(to);
  return waiting.filter(({ since }) => Date.parse(since) < end);
}

/** Returns a page of a list that is oldest first, as its last one if it leads beyond a moment. */
export function endedAt<One extends Waited>(
  { items, next_cursor }: ListPage<One>,
  to: string,
): ListPage<One> {
  const isBeyond = items.some(({ since }) => Date.parse(since) >= Date.parse(to));
  return { items, next_cursor: isBeyond ? null : next_cursor };
}
