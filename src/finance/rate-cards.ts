import { randomUUID } from 'node:crypto';

import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { RefusedError } from '../domain/errors';
import type { Json } from '../domain/events/facts';
import { cardStream, LEDGER_EVENTS } from '../domain/ledger';
import { parseRateCard } from '../domain/rating/rate-card';
import { LedgerWriter, type WriteAnswer } from '../ledger/ledger-writer';
import { ReadModel } from '../read-model/queries';
import { standingOf } from '../usage/standing';
import type { CardStart, EarlyTrial } from './card-start';

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
  /** Tries a card while events are recorded. May take minutes. @throws Problem `overloaded` while it tries another. */
  abstract tryEarly(start: CardStart): Promise<EarlyTrial>;

  /** Tries a card once more where {@link tryEarly} could not. Nothing may be recorded while it does. */
  abstract mayStart(start: CardStart, early: EarlyTrial | undefined): Promise<boolean>;
}

@CommandHandler(PublishRateCard)
export class PublishRateCardHandler implements ICommandHandler<PublishRateCard, WriteAnswer> {
  constructor(
    private readonly writer: LedgerWriter,
    private readonly readModel: ReadModel,
    private readonly trial: CardTrial,
  ) {}

  async execute({ author, body, key }: PublishRateCard): Promise<WriteAnswer> {
    const cardAt = (now: number) => ({ rate_card_id: randomUUID(), ...parseRateCard(body, now) });
    const { currency } = cardAt(0);
    const type = LEDGER_EVENTS.cardPublished;
    const request = { type, stream: cardStream(currency), key, body, author };
    const early = await this.writer.prepare(request, async ({ now }) => {
      const start = { card: cardAt(now), now };
      return (await this.isForPast(start)) ? this.trial.tryEarly(start) : undefined;
    });
    return this.writer.write(request, async ({ now }) => {
      const start = { card: cardAt(now), now };
      await this.checkStart(start, early);
      return { data: start.card };
    });
  }

  /**
   * Whether prices of a currency that has some are to change at a moment that is over. Prices must be announced before
   * they apply (docs/reference/rules.md#force-6). The exceptions: the first card of a currency, and a card that begins
   * in an open period and changes no log's seconds or cost.
   */
  private async isForPast({ card, now }: CardStart): Promise<boolean> {
    if (Date.parse(card.effective_from) >= now) return false;
    const { terms } = await this.readModel.read((snapshot) => standingOf(snapshot));
    return terms.hasCurrency(card.currency);
  }

  private async checkStart(start: CardStart, early: EarlyTrial | undefined): Promise<void> {
    if (!(await this.isForPast(start))) return;
    if (await this.trial.mayStart(start, early)) return;
    throw new RefusedError({
      code: 'effective_in_past',
      detail:
        'Prices are announced before they apply: effective_from must not be in the past. A card from an earlier moment in the open periods is accepted only if it changes no usage log. Use adjustments to correct what was billed.',
      pointer: '/effective_from',
    });
  }
}
