import type { Kysely } from 'kysely';

import { describedPage, selectBare } from '../read-model/described-logs';
import type { StatementRow, UsageLogRow, WaitingRow } from '../read-model/rows';
import type { ReadModelTables } from '../read-model/tables';
import type { AdjustmentView } from '../read-model/views';
import type { BundleScope } from './scope';

/** How many rows are read and held in memory at once. */
const PAGE = 500;

/** The rows of a read model that a bundle states, each kind page by page in key order. */
export class StatedRows {
  /** @param range the instants of the scope's period; null if the scope has no period. */
  constructor(
    private readonly db: Pick<Kysely<ReadModelTables>, 'selectFrom'>,
    private readonly scope: BundleScope,
    private readonly range: { readonly from: number; readonly to: number } | null,
  ) {}

  async *logs(): AsyncGenerator<readonly UsageLogRow[]> {
    const { period, user_id } = this.scope;
    for (let after = ''; ;) {
      let query = selectBare(this.db.selectFrom('usage_logs')).where('id', '>', after);
      if (period !== null) query = query.where('billing_period', '=', period);
      if (user_id !== null) query = query.where('user_id', '=', user_id);
      const page = await describedPage(this.db, await query.orderBy('id').limit(PAGE).execute());
      if (page.length === 0) return;
      yield page;
      after = page.at(-1)!.id;
    }
  }

  /** Returns the sessions of late logs. */
  async *lateSessions(): AsyncGenerator<ReadonlySet<string>> {
    for await (const page of this.logs()) {
      const late = page.filter((row) => Number(row.late_position) > 0);
      yield new Set(late.map((row) => row.session_id));
    }
  }

  async *adjustments(): AsyncGenerator<readonly AdjustmentView[]> {
    const { period, user_id } = this.scope;
    for (let after = ''; ;) {
      let query = this.db.selectFrom('adjustments').select(['id', 'view']).where('id', '>', after);
      if (period !== null) query = query.where('billing_period', '=', period);
      if (user_id !== null) query = query.where('user_id', '=', user_id);
      const page = await query.orderBy('id').limit(PAGE).execute();
      yield page.map((row) => JSON.parse(row.view) as AdjustmentView);
      if (page.length < PAGE) return;
      after = page.at(-1)!.id;
    }
  }

  async *waiting(): AsyncGenerator<readonly WaitingRow[]> {
    const { user_id } = this.scope;
    for (let after = { session_id: '', attempt: 0 }; ;) {
      let query = this.db
        .selectFrom('waiting')
        .selectAll()
        .where((is) =>
          is.or([
            is('session_id', '>', after.session_id),
            is.and([is('session_id', '=', after.session_id), is('attempt', '>', after.attempt)]),
          ]),
        );
      if (this.range !== null) {
        const { from, to } = this.range;
        query = query.where('completed_at', '>=', from).where('completed_at', '<', to);
      }
      if (user_id !== null) query = query.where('user_id', '=', user_id);
      const page = await query.orderBy('session_id').orderBy('attempt').limit(PAGE).execute();
      yield page;
      if (page.length < PAGE) return;
      after = page.at(-1)!;
    }
  }

  async *statements(): AsyncGenerator<readonly StatementRow[]> {
    const { period, user_id } = this.scope;
    for (let after = { user_id: '', period: '' }; ;) {
      let query = this.db
        .selectFrom('statements')
        .selectAll()
        .where((is) =>
          is.or([
            is('user_id', '>', after.user_id),
            is.and([is('user_id', '=', after.user_id), is('period', '>', after.period)]),
          ]),
        );
      if (period !== null) query = query.where('period', '=', period);
      if (user_id !== null) query = query.where('user_id', '=', user_id);
      const page = await query.orderBy('user_id').orderBy('period').limit(PAGE).execute();
      yield page;
      if (page.length < PAGE) return;
      after = page.at(-1)!;
    }
  }
}
