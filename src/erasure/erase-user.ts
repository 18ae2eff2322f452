import { randomUUID } from 'node:crypto';

import { RefusedError } from '../domain/errors';
import { accountStream, LEDGER_EVENTS, writeLedgerEvent } from '../domain/ledger';
import { printInstant } from '../domain/time';
import { StoreError } from '../event-store/errors';
import { streamPages } from '../event-store/pages';
import type { EventStore } from '../event-store/port';
import type { Alone } from '../ledger/append-gate';
import { caughtUp } from '../ledger/caught-up';
import { lastRevisionOf } from '../ledger/last-revision';
import type { Recorder } from '../ledger/recorder';
import type { ThreadedProjector } from '../projections/hosted/threaded-projector';
import type { ReadModel } from '../read-model/queries';
import type { KeptPersonalKeys } from '../personal/kept-personal-keys';
import { isErasure, toErasure } from './erasure-sweep';
import { PersonalEvents } from './personal-events';

/** How long to wait for the read model after the erasure, in milliseconds. */
const ERASED_WAIT_MS = 10_000;

/** An erasure request. `reason` and `author` stay in the ledger forever. */
interface ErasureOrder {
  readonly userId: string;
  readonly reason: string;
  readonly author: string;
}

/** An erasure as the answer shows it. */
interface ErasureView {
  readonly user_id: string;
  readonly erased_at: string;
  readonly position: string;
}

export interface ErasureAnswer {
  /** 201 if the user was erased now; 200 if the user was erased before and no personal value was recorded since. */
  readonly status: 200 | 201;
  /**
   * `unsealed_events`: how many events hold personal values that were never sealed, and so stay readable in the ledger.
   */
  readonly body: ErasureView & { readonly unsealed_events: number };
}

/** What was recorded about a user up to a position. */
interface Seen {
  /** The position of the user's last erasure; `undefined` if there was none. */
  readonly erasure: string | undefined;
  readonly upTo: number;
  /** Whether a personal value was recorded after it. */
  readonly isPersonal: boolean;
  /**
   * The keys that the user's facts name. A key may be missing now and come back with a backup, so the erasure must name
   * it, too.
   */
  readonly keys: ReadonlySet<string>;
}

export interface ErasingParts {
  readonly store: EventStore;
  readonly recorder: Recorder;
  readonly projector: Pick<ThreadedProjector, 'waiter'>;
  readonly readModel: ReadModel;
  readonly keys: KeptPersonalKeys;
  /** Drops the answers and finished jobs that this process keeps. */
  readonly forget: () => Promise<void>;
  /** Receives failures of what runs after the answer. */
  readonly report: (error: unknown) => void;
}

/** Destroys the keys of a user's personal values, and records that in the ledger. */
export class Eraser {
  private readonly events: PersonalEvents;

  constructor(private readonly parts: ErasingParts) {
    this.events = new PersonalEvents(parts.store, parts.readModel);
  }

  /**
   * @throws RefusedError `unknown_user`; Problem `not_caught_up`; StoreError if it could not be recorded: the same
   * request again is safe.
   */
  async erase(order: ErasureOrder): Promise<ErasureAnswer> {
    const { recorder, projector, keys, forget, report } = this.parts;
    const seen = await this.lookBack(order.userId);
    const { status, view } = await recorder
      .exclusively((stamp, alone) => this.write(order, seen, stamp, alone))
      // After the gate: it may have to wait. After a failure, too: keys may be destroyed already.
      .finally(() => void keys.scrub().catch(report));
    if (status === 201) await projector.waiter.waitFor(Number(view.position), ERASED_WAIT_MS);
    await forget();
    const { unsealed: unsealed_events } = await this.events.count(order.userId);
    return { status, body: { ...view, unsealed_events } };
  }

  /** Retires the keys, records the erasure and destroys the keys. Runs while nobody records anything. */
  private async write(
    { userId, reason, author }: ErasureOrder,
    seen: Seen,
    stamp: () => number,
    alone: Alone,
  ): Promise<{ status: 200 | 201; view: ErasureView }> {
    const { store, keys, recorder } = this.parts;
    const stream = accountStream(userId);
    const expectedRevision = await lastRevisionOf(store, stream);
    const before = await this.lastErasure(userId);
    if (before !== undefined) await this.carryOut(stream);
    if (before !== undefined && !(await this.isPersonalSince(userId, before, seen))) {
      recorder.forgetAll();
      return { status: 200, view: before };
    }
    // From here on, facts get a new key, even if the erasure is interrupted before its event is written.
    const named = [...new Set([...(await keys.retire(userId)), ...seen.keys])].sort();
    const recordedAt = stamp();
    // Other instances look up keys again once they see the settled time.
    await alone.settle(recordedAt);
    alone.check();
    const event = {
      id: randomUUID(),
      type: LEDGER_EVENTS.userErased,
      body: writeLedgerEvent({ reason, author, keys: named }),
      recordedAt,
    };
    const [outcome] = await store.append([{ stream, expectedRevision, events: [event] }]);
    if (outcome!.status === 'failed') throw outcome!.error;
    if (outcome!.status === 'conflict') {
      throw new StoreError(
        'unavailable',
        'Others write to the same stream. Send the request again.',
      );
    }
    // If the process ends here, the next start finds the event and destroys the keys.
    const position = outcome!.positions[0]!;
    await keys.destroy([
      { eventId: event.id, userId, position, erasedAt: recordedAt, keys: named },
    ]);
    recorder.forgetAll();
    const view = {
      user_id: userId,
      erased_at: printInstant(recordedAt),
      position: String(position),
    };
    return { status: 201, view };
  }

  /** Destroys the keys of recorded erasures. One of them may have been interrupted before it did that. */
  private async carryOut(stream: string): Promise<void> {
    for await (const page of streamPages(this.parts.store, stream)) {
      await this.parts.keys.destroy(page.filter(isErasure).map(toErasure));
    }
  }

  /**
   * Reads the events of a user. Runs before recording stops, because it may take long.
   * @throws as {@link erase}.
   */
  private async lookBack(userId: string): Promise<Seen> {
    const upTo = await this.parts.store.head();
    const before = await this.lastErasure(userId);
    if (before === undefined) await this.checkUser(userId);
    const erasure = before?.position;
    const { since, keys } = await this.events.count(userId, Number(erasure ?? Infinity));
    return { erasure, upTo, isPersonal: since > 0, keys };
  }

  /**
   * Returns whether a personal value can be read, or was recorded after an erasure. A key alone does not prove it: it
   * may have been made for a fact that turned out to be a duplicate.
   */
  private async isPersonalSince(
    userId: string,
    { position }: ErasureView,
    seen: Seen,
  ): Promise<boolean> {
    const left = await this.parts.keys.keysOf(userId);
    // Without a key, nothing personal can have been recorded.
    if (left.length === 0) return false;
    // No erasure named this key: it was missing then.
    if (left.some((id) => seen.keys.has(id))) return true;
    if (seen.erasure !== position) return this.events.anyAfter(userId, Number(position));
    return seen.isPersonal || this.events.anyAfter(userId, seen.upTo);
  }

  /** @throws RefusedError `unknown_user` if nothing in the ledger names the user. */
  private async checkUser(userId: string): Promise<void> {
    if (await this.parts.readModel.read((snapshot) => snapshot.knowsUser(userId))) return;
    // No row names a user whose sessions were all voided and then reported for others, but their facts still do.
    if (await this.events.name(userId)) return;
    throw new RefusedError({
      code: 'unknown_user',
      detail: `No event and no plan in the ledger names the user ${userId}. Check the id.`,
    });
  }

  /** Returns the user's last erasure, if there was one. @throws Problem `not_caught_up`. */
  private async lastErasure(userId: string): Promise<ErasureView | undefined> {
    await caughtUp(this.parts, 'decides which users are known');
    const account = await this.parts.readModel.read((snapshot) => snapshot.account(userId));
    if (account?.erasure === undefined) return undefined;
    const { position, erased_at } = account.erasure;
    return { user_id: userId, erased_at, position: String(position) };
  }
}
