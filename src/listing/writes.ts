import { readPositionCursor, writePositionCursor } from '../audit/position-cursor';
import type { Page } from '../http/cursor';
import type { WrittenView } from '../read-model/views';
import { Question, type Answerer, type Reads } from '../snapshots/question';
import { standingOf } from '../usage/standing';

/** What finance wrote: who, when, what and why, newest first. */
export class Writes extends Question<Page<WrittenView>> {
  constructor(
    readonly cursor: string | undefined,
    readonly limit: number,
    readonly asOf: string | undefined,
  ) {
    super();
  }
}

export class WritesHandler implements Answerer<Writes, Page<WrittenView>> {
  constructor(private readonly models: Reads) {}

  execute({ cursor, limit, asOf }: Writes): Promise<Page<WrittenView>> {
    const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : readPositionCursor(cursor);
    return this.models.read(asOf, async (snapshot) => {
      await standingOf(snapshot);
      const rows = await snapshot.listings.writes(before, limit + 1);
      const shown = rows.slice(0, limit);
      const items = shown.map(({ position, written }) => ({
        position: String(position),
        ...(JSON.parse(written) as Omit<WrittenView, 'position'>),
      }));
      const more = rows.length > limit;
      return { items, next_cursor: more ? writePositionCursor(shown.at(-1)!.position) : null };
    });
  }
}
