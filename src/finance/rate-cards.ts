import { randomUUID } from 'node:crypto';

import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { RefusedError } from '../domain/errors';
import type { Json } from '../domain/events/facts';
import { cardStream, LEDGER_EVENTS } from '../domain/ledger';
import { parseRateCard } from '../domain/rating/rate-card';
import { LedgerWriter, type WriteAnswer } from '../ledger/ledger-writer';
import { ReadModel } from '../read-model/queries';
import { standingOf } from '../usage/standing';
import type { CardStart } from './card-start';

/** Publishes a rate card: prices that apply from a certain time. */
export class PublishRateCard extends Command<WriteAnswer> {
  constructor(
    readonly author: string,
    readonly body: Json,
    readonly key: string,
  ) {
    super();
  }
}

/** Tries cards that begin in the past on the read model. It reads much, so it runs on another thread. */
export abstract class CardTrial {
  abstract mayStart(start: CardStart): Promise<boolean>;
}

@CommandHandler(PublishRateCard)
export class PublishRateCardHandler implements ICommandHandler<PublishRateCard, WriteAnswer> {
  constructor(
    private readonly writer: LedgerWriter,
    private readonly readModel: ReadModel,
    private readonly trial: CardTrial,
  ) {}

  async execute({ author, body, key }: PublishRateCard): Promise<WriteAnswer> {
    const { currency } = parseRateCard(body, 0);
    const type = LEDGER_EVENTS.cardPublished;
    const stream = cardStream(currency);
    return this.writer.write({ type, stream, key, body, author }, async (moment) => {
      const card = { rate_card_id: randomUUID(), ...parseRateCard(body, moment.now) };
      await this.checkStart({ card, ...moment });
      return { data: card };
    });
  }

  /**
   * Prices must be announced before they apply (docs/reference/rules.md#force-6). There are two exceptions: the first
   * card of a currency, and a card that begins in an open period and changes no log's seconds or cost.
   */
  private async checkStart(start: CardStart): Promise<void> {
    const { card, now } = start;
    const { terms } = await this.readModel.read((snapshot) => standingOf(snapshot));
    if (Date.parse(card.effective_from) >= now || !terms.hasCurrency(card.currency)) return;
    if (await this.trial.mayStart(start)) return;
    throw new RefusedError({
      code: 'effective_in_past',
      detail:
        'Prices are announced before they apply: effective_from must not be in the past. A card from an earlier moment in the open periods is accepted only if it changes no usage log. Use adjustments to correct what was billed.',
      pointer: '/effective_from',
    });
  }
}
