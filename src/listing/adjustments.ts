import { readPositionCursor, writePositionCursor } from '../audit/position-cursor';
import type { Page } from '../http/cursor';
import type { AdjustmentView } from '../read-model/views';
import { Question, type Answerer, type Reads } from '../snapshots/question';
import { standingOf } from '../usage/standing';

/** An adjustment, and the id of the adjustment that voids it. */
export interface ListedAdjustment extends AdjustmentView {
  readonly voided_by: string | null;
}

/** Adjustments, newest first. */
export class Adjustments extends Question<Page<ListedAdjustment>> {
  constructor(
    /** The user; `undefined` = all users. */
    readonly userId: string | undefined,
    /** The billing period in which they count. */
    readonly period: string | undefined,
    readonly cursor: string | undefined,
    readonly limit: number,
    readonly asOf: string | undefined,
  ) {
    super();
  }
}

export class AdjustmentsHandler implements Answerer<Adjustments, Page<ListedAdjustment>> {
  constructor(private readonly models: Reads) {}

  execute(asked: Adjustments): Promise<Page<ListedAdjustment>> {
    const { userId, period, cursor, limit, asOf } = asked;
    const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : readPositionCursor(cursor);
    return this.models.read(asOf, async (snapshot) => {
      await standingOf(snapshot);
      const { listings } = snapshot;
      const rows = await listings.adjustments({ userId, period }, before, limit + 1);
      const shown = rows.slice(0, limit);
      const voids = await listings.voidsOf(shown.map(({ id }) => id));
      const items = shown.map(({ id, view }) => ({
        ...(JSON.parse(view) as AdjustmentView),
        voided_by: voids.get(id) ?? null,
      }));
      const more = rows.length > limit;
      return { items, next_cursor: more ? writePositionCursor(shown.at(-1)!.position) : null };
    });
  }
}
