import type { EventStore } from '../event-store/port';
import { Problem } from '../http/problem';
import type { ThreadedProjector } from '../projections/hosted/threaded-projector';
import type { ReadModel } from '../read-model/queries';
import type { Recorder } from './recorder';

const WAIT_MS = 2_000;

export interface CatchingUp {
  readonly store: Pick<EventStore, 'head'>;
  readonly recorder: Pick<Recorder, 'stampNotBefore'>;
  readonly projector: Pick<ThreadedProjector, 'waiter'>;
  readonly readModel: Pick<ReadModel, 'read'>;
}

/**
 * Waits until the read model has the whole ledger, and returns the head. From then on this instance stamps no event
 * earlier than any event up to the head, whoever recorded it: what is decided now holds from now on, so it must not be
 * earlier than what another instance, whose clock is ahead, decided before.
 * @param why says, after "The read model is behind the ledger, and", why it is needed.
 * @throws Problem `not_caught_up`.
 */
export async function caughtUp(
  { store, recorder, projector, readModel }: CatchingUp,
  why: string,
): Promise<number> {
  const head = await store.head();
  if (!(await projector.waiter.waitFor(head, WAIT_MS))) {
    throw new Problem(
      'not_caught_up',
      `The read model is behind the ledger, and ${why}. Send the request again in a second.`,
    );
  }
  const standing = await readModel.read((rows) => rows.standing());
  if (standing !== undefined) recorder.stampNotBefore(standing.recordedAt);
  return head;
}
