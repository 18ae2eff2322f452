import type { CloudEvent, EntryOf, LedgerEntry } from './derivation/ledger';
import { DoesNotFollow } from './problem';

interface ToldSession {
  readonly user: string;
  /** The `attempt` of each outcome. */
  readonly settled: Set<number>;
}

/**
 * Finds events that contradict earlier ones. No ledger holds such events, because the service refuses them, and bills
 * can only be derived from facts that agree.
 */
export class LedgerRules {
  private readonly told = new Map<string, number>();
  /** By session, since its last void. */
  private readonly sessions = new Map<string, ToldSession>();
  /** The plans that events defined. Besides them there is `free`, everybody's plan until another is named. */
  private readonly plans = new Set<string>();
  private readonly cards = new Set<string>();
  private readonly adjustments = new Map<string, EntryOf<'usage.adjusted'>>();
  /** The ids of voided adjustments. */
  private readonly voided = new Set<string>();
  private readonly closed = new Set<string>();
  private opened = false;

  /** @throws DoesNotFollow if the event contradicts those before it. */
  take(index: number, entry: LedgerEntry): void {
    if (!this.opened && entry.type !== 'ledger.opened') {
      throw new DoesNotFollow('The first event of a ledger must be ledger.opened.');
    }
    switch (entry.type) {
      case 'ledger.opened':
        if (this.opened) throw new DoesNotFollow('The ledger was already opened.');
        this.opened = true;
        for (const plan of Object.keys(entry.plans)) this.plans.add(plan);
        for (const card of entry.rate_cards) this.takeCard(card.rate_card_id);
        return;
      case 'fact':
        return this.takeFact(index, entry.event);
      case 'session.voided':
        if (!this.sessions.delete(entry.session_id)) {
          throw new DoesNotFollow(
            `The session ${entry.session_id} is voided, but has no facts to void.`,
          );
        }
        return;
      case 'rate_card.published':
        return this.takeCard(entry.card.rate_card_id);
      case 'plan.defined':
        if (this.plans.has(entry.plan)) {
          throw new DoesNotFollow(`The plan ${entry.plan} was already defined.`);
        }
        this.plans.add(entry.plan);
        return;
      case 'plan.defaulted':
      case 'plan.assigned':
        // Every bundle holds all definitions. If one is missing, its included minutes would be taken for none.
        if (!this.plans.has(entry.plan) && entry.plan !== 'free') {
          throw new DoesNotFollow(`The plan ${entry.plan} was never defined.`);
        }
        return;
      case 'usage.adjusted':
        return this.takeAdjustment(entry);
      case 'billing_period.closed':
        return this.takeClose(index, entry);
      default:
        return;
    }
  }

  private takeFact(index: number, { type, source, id, data }: CloudEvent): void {
    const session = data['session_id'] as string;
    const user = data['user_id'] as string;
    const name = JSON.stringify([session, source, id]);
    const before = this.told.get(name);
    if (before !== undefined) {
      throw new DoesNotFollow(
        `The session ${session} already has the fact ${id} of ${source}, at index ${before}.`,
      );
    }
    this.told.set(name, index);
    const known = this.sessions.get(session) ?? { user, settled: new Set<number>() };
    this.sessions.set(session, known);
    if (known.user !== user) {
      throw new DoesNotFollow(
        `The session ${session} belongs to ${known.user}, but the fact names ${user}.`,
      );
    }
    if (!type.endsWith('.completed') && !type.endsWith('.failed')) return;
    const attempt = data['attempt'] as number;
    if (known.settled.has(attempt)) {
      throw new DoesNotFollow(`Attempt ${attempt} of the session ${session} has two outcomes.`);
    }
    known.settled.add(attempt);
  }

  private takeCard(id: string): void {
    if (this.cards.has(id)) throw new DoesNotFollow(`The rate card ${id} was already published.`);
    this.cards.add(id);
  }

  private takeAdjustment(entry: EntryOf<'usage.adjusted'>): void {
    const { adjustment_id, period, voids = null } = entry;
    if (this.adjustments.has(adjustment_id)) {
      throw new DoesNotFollow(`The adjustment ${adjustment_id} was already made.`);
    }
    if (this.closed.has(period)) {
      throw new DoesNotFollow(
        `The adjustment ${adjustment_id} is for ${period}, which was closed before.`,
      );
    }
    if (voids !== null) this.takeVoiding(entry, voids);
    this.adjustments.set(adjustment_id, entry);
  }

  private takeVoiding(entry: EntryOf<'usage.adjusted'>, voids: string): void {
    const { user_id, amount_cents, currency } = entry;
    const before = this.adjustments.get(voids);
    if (before?.user_id !== user_id) {
      throw new DoesNotFollow(`It voids the adjustment ${voids}, which ${user_id} does not have.`);
    }
    if (before.amount_cents !== -amount_cents || before.currency !== currency) {
      throw new DoesNotFollow(
        `It voids the adjustment ${voids}, but its amount is not the opposite, in the same currency.`,
      );
    }
    if (this.voided.has(voids)) {
      throw new DoesNotFollow(`The adjustment ${voids} was already voided.`);
    }
    this.voided.add(voids);
  }

  private takeClose(index: number, { period, from, to, size }: EntryOf<'billing_period.closed'>) {
    if (this.closed.has(period))
      throw new DoesNotFollow(`The period ${period} was already closed.`);
    this.closed.add(period);
    if (size > index) {
      throw new DoesNotFollow(
        `The close of ${period} counts ${size} events, but only ${index} are before it.`,
      );
    }
    if (from >= to) throw new DoesNotFollow(`The period ${period} ends before it begins.`);
  }
}
