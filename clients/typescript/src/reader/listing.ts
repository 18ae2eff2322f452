import { valueOf, type Answer } from './answer.js';
import { LedgerError } from './ledger-error.js';

/** A page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

/**
 * A list, asked for page by page as it is gone through: `for await (const item of list)`. Each time it is gone through it is
 * asked for from its beginning. An error is thrown there (LedgerError).
 */
export class Listing<T> implements AsyncIterable<T> {
  /** @param ask for the page at a cursor; the first, without one. */
  constructor(private readonly ask: (cursor: string | undefined) => Promise<Answer<Page<T>>>) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const page of this.pages()) yield* page.items;
  }

  /** The list by pages: also of none, an empty one. */
  async *pages(): AsyncGenerator<Page<T>, void, undefined> {
    let cursor: string | undefined;
    for (;;) {
      const page = valueOf(await this.ask(cursor));
      yield page;
      if (page.next_cursor === null) return;
      if (page.next_cursor === cursor) {
        throw new LedgerError(
          'unexpected_answer',
          'The list does not go on: its cursor is the one before.',
        );
      }
      cursor = page.next_cursor;
    }
  }

  /** All of it, up to so many items. @throws LedgerError. */
  async toArray(limit: number): Promise<T[]> {
    const items: T[] = [];
    for await (const item of this) {
      if (items.length >= limit) break;
      items.push(item);
    }
    return items;
  }
}
