import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';

import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { RefusedError } from '../domain/errors';
import type { Json } from '../domain/events/facts';
import { LEDGER_EVENTS, writeLedgerEvent } from '../domain/ledger';
import { parseRateCard, type RateCard } from '../domain/rating/rate-card';
import type { EventStore, Position, StoredEvent } from '../event-store/port';
import { BillingFold } from '../projections/billing-fold';
import { ReadModel, type ReadModelSnapshot } from '../read-model/queries';
import type { RowChanges, RowsToRead } from '../read-model/rows';
import type { UsageLogView } from '../read-model/views';
import { standingOf } from '../usage/standing';
import { LedgerWriter, type Moment, type WriteAnswer } from '../ledger/ledger-writer';
import { oldestOpenInUse } from './periods-in-use';

const USERS_A_PAGE = 500;

/** Publish a rate card: prices from a moment on. */
export class PublishRateCard extends Command<WriteAnswer> {
  constructor(
    readonly body: Json,
    readonly key: string,
  ) {
    super();
  }
}

/** Tries a card on the read model, without writing. It needs the projector's side of the read model. */
export class CardTrial {
  constructor(
    private readonly store: EventStore,
    private readonly rows: RowsToRead,
  ) {}

  /**
   * Whether a card would change a usage log's seconds or cost, or remove a log. It is tried user by user, as statements
   * are, until one is found.
   */
  async changesMoney(
    card: RateCard,
    { now, head }: Moment,
    snapshot: ReadModelSnapshot,
  ): Promise<boolean> {
    const event: StoredEvent = {
      position: (head + 1) as Position,
      stream: `rate_card-${card.currency}`,
      revision: 0,
      id: card.rate_card_id,
      type: LEDGER_EVENTS.cardPublished,
      body: writeLedgerEvent(card),
      recordedAt: now,
    };
    const checkpoint = await this.rows.checkpoint();
    const from = Date.parse(card.effective_from);
    for (let after = ''; ;) {
      const users = await snapshot.usersFrom(from, after, USERS_A_PAGE);
      for (const userId of users) {
        const fold = new BillingFold(this.store, this.rows, { onlyUser: userId });
        const { changes, changesMoney } = await fold.fold([event], checkpoint);
        if (changesMoney || changes.removedLogs.length > 0) return true;
        await setImmediate();
      }
      if (users.length < USERS_A_PAGE) return false;
      after = users.at(-1)!;
    }
  }
}

@CommandHandler(PublishRateCard)
export class PublishRateCardHandler implements ICommandHandler<PublishRateCard, WriteAnswer> {
  constructor(
    private readonly writer: LedgerWriter,
    private readonly readModel: ReadModel,
    private readonly trial: CardTrial,
  ) {}

  async execute({ body, key }: PublishRateCard): Promise<WriteAnswer> {
    const { currency } = parseRateCard(body, 0);
    const type = LEDGER_EVENTS.cardPublished;
    const stream = `rate_card-${currency}`;
    return this.writer.write({ type, stream, key, body }, async (moment) => {
      const card = { rate_card_id: randomUUID(), ...parseRateCard(body, moment.now) };
      await this.readModel.read((snapshot) => this.checkStart(card, moment, snapshot));
      return { data: card };
    });
  }

  /**
   * Prices are announced before they apply (docs/reference/rules.md#force-6), with two exceptions: the first
   * card of a currency, and one that changes no log's seconds or cost and begins in an open period.
   */
  private async checkStart(
    card: RateCard,
    moment: Moment,
    snapshot: ReadModelSnapshot,
  ): Promise<void> {
    const { terms } = await standingOf(snapshot);
    const from = Date.parse(card.effective_from);
    if (from >= moment.now || !terms.hasCurrency(card.currency)) return;
    const oldest = await oldestOpenInUse(snapshot, terms);
    const inOpen = oldest !== undefined && from >= terms.range(oldest).from;
    if (inOpen && !(await this.trial.changesMoney(card, moment, snapshot))) return;
    throw new RefusedError({
      code: 'effective_in_past',
      detail:
        'Prices are announced before they apply: effective_from must not be in the past. A card from an earlier moment in the open periods is accepted only if it changes no usage log. Use adjustments to correct what was billed.',
      pointer: '/effective_from',
    });
  }
}
