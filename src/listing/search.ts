import type { Page } from '../http/cursor';
import { readIdCursor, writeIdCursor } from '../http/id-cursor';
import type { Listings } from '../read-model/listings';
import type { ReadModelSnapshot } from '../read-model/queries';
import { Question, type Reads } from '../snapshots/question';
import { standingOf } from '../usage/standing';

/** A page of users, sessions or logs, sorted by id; if a text is given, only those whose ids contain it. */
export abstract class Search<T> extends Question<Page<T>> {
  constructor(
    /** A text that the ids must contain, in any letter case. */
    readonly search: string | undefined,
    readonly cursor: string | undefined,
    readonly limit: number,
    readonly asOf: string | undefined,
  ) {
    super();
  }
}

/**
 * Returns the requested page.
 * @param itemsOf makes the items for ids, in the order of the ids.
 */
export function answerSearch<T>(
  models: Reads,
  { search, cursor, limit, asOf }: Search<T>,
  of: Parameters<Listings['ids']>[0],
  itemsOf: (ids: readonly string[], at: SearchedAt) => Promise<readonly T[]>,
): Promise<Page<T>> {
  const [after] = readIdCursor(cursor);
  return models.read(asOf, async (snapshot, now) => {
    const { terms } = await standingOf(snapshot);
    const { ids, next } = await snapshot.listings.ids(of, search, after!, limit);
    const items = await itemsOf(ids, { snapshot, terms, now });
    return { items, next_cursor: next === undefined ? null : writeIdCursor(next) };
  });
}

/** The state of the ledger that a search reads. */
interface SearchedAt {
  readonly snapshot: ReadModelSnapshot;
  readonly terms: Awaited<ReturnType<typeof standingOf>>['terms'];
  /** Milliseconds since 1970. */
  readonly now: number;
}
