import { randomUUID } from 'node:crypto';

import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import type { Terms } from '../domain/account/terms';
import { RefusedError } from '../domain/errors';
import type { Json } from '../domain/events/facts';
import { accountStream, LEDGER_EVENTS } from '../domain/ledger';
import type { EventStore } from '../event-store/port';
import { EVENT_STORE } from '../ledger/tokens';
import { ReadModel, type ReadModelSnapshot } from '../read-model/queries';
import type { AdjustmentView, SummaryCounts } from '../read-model/views';
import { noFormerUsers, sessionsNaming } from '../snapshots/users-past';
import { standingOf } from '../usage/standing';
import { LedgerWriter, type WriteAnswer } from '../ledger/ledger-writer';

/** A credit (negative) or debit, in whole cents. */
export interface AdjustmentOrder {
  readonly user_id: string;
  readonly period: string;
  readonly amount_cents: number;
  readonly reason: string;
  readonly currency?: string | null;
  readonly reference?: string | null;
  readonly allow_negative?: boolean | null;
  readonly voids?: string | null;
  /** Whether the order may name a user whom nothing in the ledger names. */
  readonly new_user?: boolean | null;
}

/** Adjusts what a user owes for a period. */
export class AdjustUsage extends Command<WriteAnswer> {
  constructor(
    readonly order: AdjustmentOrder,
    readonly author: string,
    readonly body: Json,
    readonly key: string,
  ) {
    super();
  }
}

@CommandHandler(AdjustUsage)
export class AdjustUsageHandler implements ICommandHandler<AdjustUsage, WriteAnswer> {
  private readonly former = noFormerUsers();

  constructor(
    private readonly writer: LedgerWriter,
    private readonly readModel: ReadModel,
    @Inject(EVENT_STORE) private readonly store: Pick<EventStore, 'readStream'>,
  ) {}

  async execute({ order, author, body, key }: AdjustUsage): Promise<WriteAnswer> {
    const { user_id, period, amount_cents, reason } = order;
    const request = {
      type: LEDGER_EVENTS.usageAdjusted,
      stream: accountStream(user_id),
      key,
      body,
    };
    const isNamed =
      order.new_user === true || (await this.writer.prepare(request, () => this.isNamed(user_id)));
    return this.writer.write(request, ({ now }) =>
      this.readModel.read(async (snapshot) => {
        const { terms } = await standingOf(snapshot, user_id);
        if (isNamed !== true && !(await snapshot.knowsUser(user_id))) refuseUser(user_id);
        checkPeriod(period, terms, now);
        const currency = order.currency ?? terms.currency(user_id, period);
        if (!terms.hasCurrency(currency)) {
          refuse('unknown_currency', `No rate card is in ${currency}.`, '/currency');
        }
        const voids = order.voids ?? null;
        if (voids !== null) await checkVoids(voids, order, currency, snapshot);
        await checkTotal(order, currency, snapshot);
        const reference = order.reference ?? null;
        const adjustment_id = randomUUID();
        return {
          data: { adjustment_id, period, amount_cents, currency, reason, author, reference, voids },
        };
      }),
    );
  }

  /**
   * Returns whether the ledger names a user. May take long: no row names a user whose sessions were all voided and then
   * reported for others, so the facts of all voided sessions are read.
   */
  private async isNamed(userId: string): Promise<boolean> {
    if (await this.readModel.read((snapshot) => snapshot.knowsUser(userId))) return true;
    const sessions = await sessionsNaming(this.store, this.readModel, userId, this.former);
    return sessions.length > 0;
  }
}

/**
 * Refuses an unknown user. Otherwise an adjustment with a typo in the id would be closed with its period for good, and
 * nobody would notice.
 */
function refuseUser(user_id: string): never {
  refuse(
    'unknown_user',
    `No event and no plan in the ledger names the user ${user_id}. Check the id. If the user is new, set "new_user" to true.`,
    '/user_id',
  );
}

function checkPeriod(period: string, terms: Terms, now: number): void {
  if (terms.close(period) !== undefined) {
    refuse(
      'period_closed',
      `The period ${period} is closed, and nothing changes it. Adjust the first open period, and name this one in the reason.`,
      '/period',
    );
  }
  if (terms.range(period).from > now) {
    refuse('invalid_field', `The period ${period} has not begun.`, '/period');
  }
}

/** An adjustment is voided by another one with the opposite amount. Each can be voided once. */
async function checkVoids(
  voids: string,
  order: AdjustmentOrder,
  currency: string,
  snapshot: ReadModelSnapshot,
): Promise<void> {
  const row = await snapshot.adjustment(voids);
  if (row === undefined || row.user_id !== order.user_id) {
    refuse('unknown_adjustment', 'The user has no adjustment with this id.', '/voids');
  }
  const voided = JSON.parse(row.view) as AdjustmentView;
  if (voided.amount_cents !== -order.amount_cents) {
    refuse(
      'invalid_field',
      `To void it, the amount must be the opposite: ${-voided.amount_cents}.`,
      '/amount_cents',
    );
  }
  if (voided.currency !== currency) {
    refuse('invalid_field', `The voided adjustment is in ${voided.currency}.`, '/currency');
  }
  if ((await snapshot.adjustmentVoiding(voids)) !== undefined) {
    refuse('already_voided', 'Another adjustment has already voided this one.', '/voids');
  }
}

/** Refuses a total below 0 unless `allow_negative` is set, and one that a JSON number can't hold exactly. */
async function checkTotal(
  { user_id, period, amount_cents, allow_negative }: AdjustmentOrder,
  currency: string,
  snapshot: ReadModelSnapshot,
): Promise<void> {
  const row = await snapshot.statement(user_id, period);
  const summaries = JSON.parse(row?.summaries ?? '{}') as Record<string, SummaryCounts>;
  const summary = summaries[currency];
  const total = (summary?.usage_cost_cents ?? 0) + (summary?.adjustments_cents ?? 0);
  if (!Number.isSafeInteger(total + amount_cents)) {
    refuse(
      'invalid_field',
      `The period's total is ${total} cents. With this adjustment it would be more than a JSON number can hold exactly.`,
      '/amount_cents',
    );
  }
  if (amount_cents > 0 || allow_negative === true || total + amount_cents >= 0) return;
  refuse(
    'adjustment_below_zero',
    `The period's total is ${total} cents. With this credit it would fall below 0. Set allow_negative to true if you mean that.`,
    '/amount_cents',
  );
}

function refuse(code: RefusedError['refusal']['code'], detail: string, pointer: string): never {
  throw new RefusedError({ code, detail, pointer });
}
