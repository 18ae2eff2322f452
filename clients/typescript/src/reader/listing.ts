import { valueOf, type Answer } from './answer.js';
import { LedgerError } from './ledger-error.js';

/** A page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

/**
 * A list that is fetched page by page as it is iterated: `for await (const item of list)`. Each iteration starts from
 * the beginning. Iterating throws LedgerError if a page can't be read.
 */
export class Listing<T> implements AsyncIterable<T> {
  /** @param ask fetches the page at a cursor; without one, the first. */
  constructor(private readonly ask: (cursor: string | undefined) => Promise<Answer<Page<T>>>) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const page of this.pages()) yield* page.items;
  }

  /** Iterates over the pages. An empty list has one empty page. */
  async *pages(): AsyncGenerator<Page<T>, void, undefined> {
    let cursor: string | undefined;
    for (;;) {
      const page = valueOf(await this.ask(cursor));
      yield page;
      if (page.next_cursor === null) return;
      if (page.next_cursor === cursor) {
        throw new LedgerError(
          'unexpected_answer',
          'The list does not advance: its cursor is the same as before.',
        );
      }
      cursor = page.next_cursor;
    }
  }

  /** Returns the first `limit` items, or all if there are fewer. @throws LedgerError */
  async toArray(limit: number): Promise<T[]> {
    const items: T[] = [];
    for await (const item of this) {
      if (items.length >= limit) break;
      items.push(item);
    }
    return items;
  }
}
