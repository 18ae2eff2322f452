import { parseInstant } from '../domain/time';
import type { EventReader, Position } from '../event-store/port';
import { Problem } from '../http/problem';
import type { Clock } from '../lib/clock';
import { LedgerIndex, type IndexedEvent } from '../read-model/ledger-index';
import type { ReadModel } from '../read-model/queries';

/** A position in the ledger, and the moment that counts as "now" there, in milliseconds since 1970. */
export interface Place {
  readonly position: Position;
  readonly now: number;
  /** The number of events up to the position. */
  readonly size: number;
}

/** Finds the position that an `as_of` means. */
export class Places {
  private readonly index: LedgerIndex;

  /**
   * @param settle makes sure that nothing more is recorded at or before a time. Called for times after the last event,
   * so that the answer stays true.
   */
  constructor(
    private readonly live: Pick<ReadModel, 'read'>,
    private readonly store: Pick<EventReader, 'readAll' | 'head' | 'last'>,
    private readonly clock: Clock,
    private readonly settle: (time: number) => Promise<void>,
  ) {
    this.index = new LedgerIndex(store, live);
  }

  /**
   * @param asOf a position or an RFC 3339 time.
   * @throws Problem `invalid_parameter` if it is neither, ahead of the ledger or before its first event.
   */
  async placeOf(asOf: string): Promise<Place> {
    if (/^\d{1,16}$/.test(asOf)) {
      if (Number(asOf) > (await this.store.head())) {
        throw refused('as_of lies ahead of the ledger.');
      }
      const { event, index, recordedAt } = found(await this.index.floor(Number(asOf)));
      return { position: event.position, now: recordedAt, size: index + 1 };
    }
    const time = parseInstant(asOf);
    if (time === undefined) {
      throw refused('as_of must be a position or an RFC 3339 time.');
    }
    const latest = await this.latestRecordedTime();
    // Recorded times never go back, but clocks do.
    const now = Math.max(this.clock.now(), latest ?? -Infinity);
    if (time > now) throw refused('as_of lies ahead of the ledger.');
    if (latest !== undefined && latest <= time) await this.settle(time);
    const { event, index } = found(await this.index.floorOfTime(time));
    return { position: event.position, now: time, size: index + 1 };
  }

  /**
   * Returns the greatest known stamp; `undefined` if the ledger has no event. The last event may have a smaller one, if
   * another instance recorded it whose clock is behind.
   */
  private async latestRecordedTime(): Promise<number | undefined> {
    const last = await this.store.last();
    if (last === undefined) return undefined;
    const standing = await this.live.read((rows) => rows.standing());
    return Math.max(last.recordedAt, standing?.recordedAt ?? -Infinity);
  }
}

function found(one: IndexedEvent | undefined): IndexedEvent {
  if (one === undefined) throw refused("as_of lies before the ledger's first event.");
  return one;
}

function refused(detail: string): Problem {
  return new Problem('invalid_parameter', detail, { pointer: '/as_of' });
}
