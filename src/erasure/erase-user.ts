import { randomUUID } from 'node:crypto';

import { RefusedError } from '../domain/errors';
import { accountStream, LEDGER_EVENTS, writeLedgerEvent } from '../domain/ledger';
import { printInstant } from '../domain/time';
import { StoreError } from '../event-store/errors';
import type { EventStore } from '../event-store/port';
import { Problem } from '../http/problem';
import type { Alone } from '../ledger/append-gate';
import { lastRevisionOf } from '../ledger/last-revision';
import type { Recorder } from '../ledger/recorder';
import type { ThreadedProjector } from '../projections/hosted/threaded-projector';
import type { ReadModel } from '../read-model/queries';
import type { KeptPersonalKeys } from '../personal/kept-personal-keys';
import { PersonalEvents } from './personal-events';

/** How long to wait for the read model, before the erasure and after it, in milliseconds. */
const WAIT_MS = 2_000;
const ERASED_WAIT_MS = 10_000;

/** Whom to erase. `reason` and `author` stay in the ledger for ever. */
interface ErasureOrder {
  readonly userId: string;
  readonly reason: string;
  readonly author: string;
}

/** That a user is erased. */
interface ErasureView {
  readonly user_id: string;
  readonly erased_at: string;
  readonly position: string;
}

export interface ErasureAnswer {
  /** 201 if the user was erased now; 200 if before, and nothing personal came since. */
  readonly status: 200 | 201;
  /** `unsealed_events`: how many events hold personal values that were never sealed, and stay readable in the ledger. */
  readonly body: ErasureView & { readonly unsealed_events: number };
}

export interface ErasingParts {
  readonly store: EventStore;
  readonly recorder: Recorder;
  readonly projector: Pick<ThreadedProjector, 'waiter'>;
  readonly readModel: ReadModel;
  readonly keys: KeptPersonalKeys;
  /** Lets go of all that this process holds of answers and finished jobs. */
  readonly forget: () => Promise<void>;
}

/** Destroys the keys of users' personal values, and says so in the ledger. */
export class Eraser {
  private readonly events: PersonalEvents;

  constructor(private readonly parts: ErasingParts) {
    this.events = new PersonalEvents(parts.store, parts.readModel);
  }

  /**
   * @throws RefusedError `unknown_user`; Problem `not_caught_up`; StoreError if it could not be written: the same request
   *   again is safe.
   */
  async erase(order: ErasureOrder): Promise<ErasureAnswer> {
    const { recorder, projector, forget } = this.parts;
    const { status, view } = await recorder.exclusively((stamp, alone) =>
      this.write(order, stamp, alone),
    );
    if (status === 201) await projector.waiter.waitFor(Number(view.position), ERASED_WAIT_MS);
    await forget();
    const { unsealed: unsealed_events } = await this.events.count(order.userId);
    return { status, body: { ...view, unsealed_events } };
  }

  /** While nobody records anything. */
  private async write(
    { userId, reason, author }: ErasureOrder,
    stamp: () => number,
    alone: Alone,
  ): Promise<{ status: 200 | 201; view: ErasureView }> {
    const { store, keys } = this.parts;
    const stream = accountStream(userId);
    const expectedRevision = await lastRevisionOf(store, stream);
    const before = await this.checkUser(userId);
    if (before !== undefined && !(await this.isPersonalSince(userId, before))) {
      return { status: 200, view: before };
    }
    // From here on a new key is made for what comes later, even if this is interrupted before the event is written.
    const retired = await keys.retire(userId);
    const recordedAt = stamp();
    // Other instances look keys up again when they find that somebody settled the time.
    await alone.settle(recordedAt);
    alone.check();
    const event = {
      id: randomUUID(),
      type: LEDGER_EVENTS.userErased,
      body: writeLedgerEvent({ reason, author, keys: retired }),
      recordedAt,
    };
    const [outcome] = await store.append([{ stream, expectedRevision, events: [event] }]);
    if (outcome!.status === 'failed') throw outcome!.error;
    if (outcome!.status === 'conflict') {
      throw new StoreError('unavailable', 'Others write to the same stream. Send it again.');
    }
    // If it ends here, the next start finds the event and destroys the keys.
    const position = outcome!.positions[0]!;
    await keys.destroy([
      { eventId: event.id, userId, position, erasedAt: recordedAt, keys: retired },
    ]);
    this.parts.recorder.forgetAll();
    const view = {
      user_id: userId,
      erased_at: printInstant(recordedAt),
      position: String(position),
    };
    return { status: 201, view };
  }

  /** A key alone tells nothing: it may have been made for a fact that then turned out to be known. */
  private async isPersonalSince(userId: string, { position }: ErasureView): Promise<boolean> {
    if ((await this.parts.keys.keysOf(userId)).length === 0) return false;
    return (await this.events.count(userId, Number(position))).since > 0;
  }

  /** The user's last erasure, if there was one. */
  private async checkUser(userId: string): Promise<ErasureView | undefined> {
    const { store, projector, readModel } = this.parts;
    if (!(await projector.waiter.waitFor(await store.head(), WAIT_MS))) {
      throw new Problem(
        'not_caught_up',
        'The read model is behind the ledger, and says whom it knows. Send again in a second.',
      );
    }
    return readModel.read(async (snapshot) => {
      if (!(await snapshot.knowsUser(userId))) {
        throw new RefusedError({
          code: 'unknown_user',
          detail: `No event and no plan in the ledger names the user ${userId}. Check the id.`,
        });
      }
      const erasure = (await snapshot.account(userId))?.erasure;
      if (erasure === undefined) return undefined;
      const { position, erased_at } = erasure;
      return { user_id: userId, erased_at, position: String(position) };
    });
  }
}
