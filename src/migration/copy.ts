import { setTimeout as sleep } from 'node:timers/promises';

import { StoreError } from '../event-store/errors';
import type {
  EventReader,
  EventStoreTarget,
  NewEvent,
  StoredEvent,
  StreamAppend,
} from '../event-store/port';
import { checkIsLedger, findEnd, NOTHING_COPIED, type Place } from './beginning';

const PAGE = 2_000;
/** How many events one append may have, and how many bytes their bodies may have together. */
const GROUP_EVENTS = 100;
const GROUP_BYTES = 512 * 1024;
const TRIES = 8;

/** How a copy continues after a failure. Only tests change this. */
export interface CopyOptions {
  /** Returns the pause before another try, in milliseconds, after a number of tries in a row that copied nothing. */
  readonly pauseMs?: (tries: number) => number;
}

/** The result of a copy. */
export interface Copied {
  /** The end of both ledgers. */
  readonly place: Place;
  /** How many events the target already had. */
  readonly alreadyThere: number;
}

/**
 * Copies a ledger, event by event, in order. Events that the target already has are compared and skipped, so a copy
 * that was interrupted in any way continues when it is started again. Events keep their ids, streams, revisions,
 * recorded times and texts. Positions become those of the target's store.
 * @throws OtherLedgerThereError; StoreError if repeated tries to write to the target failed.
 */
export async function copyLedger(
  source: Pick<EventReader, 'readAll'>,
  target: Pick<EventStoreTarget, 'readAll' | 'appendInOrder'>,
  onProgress: (place: Place) => void,
  { pauseMs = (tries) => Math.min(250 * 2 ** tries, 10_000) }: CopyOptions = {},
): Promise<Copied> {
  await checkIsLedger(source);
  let place = NOTHING_COPIED;
  let alreadyThere: number | undefined;
  for (let tries = 1; ; tries += 1) {
    const before = place.size;
    const note = (reached: Place) => {
      place = reached;
      onProgress(reached);
    };
    try {
      // After a failure it is unknown what was written, so read the target before sending more.
      await findEnd(source, target, place, note);
      alreadyThere ??= place.size;
      const more = await source.readAll(place.source, PAGE);
      if (more.length === 0) return { place, alreadyThere };
      await target.appendInOrder(groups(more));
      tries = 0;
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (place.size > before) tries = 1;
      if (tries >= TRIES) throw error;
      await sleep(pauseMs(tries));
    }
  }
}

/** An event with its stream and revision. */
export type PlacedEvent = Pick<StoredEvent, 'stream' | 'revision'> & NewEvent;

/** Groups consecutive events of one stream into one append. */
export function groups(events: readonly PlacedEvent[]): StreamAppend[] {
  const appends: { stream: string; expectedRevision: number; events: PlacedEvent[] }[] = [];
  let bytes = 0;
  for (const event of events) {
    const last = appends.at(-1);
    const size = Buffer.byteLength(event.body);
    const joins =
      last?.stream === event.stream &&
      last.events.length < GROUP_EVENTS &&
      bytes + size <= GROUP_BYTES;
    if (joins) {
      last.events.push(event);
      bytes += size;
    } else {
      appends.push({
        stream: event.stream,
        expectedRevision: event.revision - 1,
        events: [event],
      });
      bytes = size;
    }
  }
  return appends;
}

function isPassing(error: unknown): boolean {
  return (
    error instanceof StoreError &&
    (error.code === 'unavailable' || error.code === 'outcome_unknown')
  );
}
