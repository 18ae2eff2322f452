import { keyNamedIn } from '../domain/events/stored';
import { LEDGER_EVENTS, readLedgerEvent, userOfStream } from '../domain/ledger';
import type { EventReader, Position, StoredEvent } from '../event-store/port';
import { followedTo, followTo, isPositionIn } from '../kept/followed';
import type { KeptTables } from '../kept/kept-tables';
import { OneAtATime } from '../lib/one-at-a-time';
import type { Checkpoint } from '../read-model/rows';
import type { KeptPersonalKeys } from '../personal/kept-personal-keys';
import type { Erasure } from '../personal/personal-keys';
import { erasuresIn, erasuresLackedBy, isRestored, usersOf, type CarriedOut } from './forgotten';
import { counted, oneOrMany } from '../lib/counted';

const PAGE = 2_000;
const FOLLOWER = 'erasures';
/** How often to advance the stored position up to which all erasures are carried out, in milliseconds. */
const MOVE_MS = 5_000;
/**
 * How long after an erasure the sweep checks that it was carried out, in milliseconds. Whoever recorded it has usually
 * done so within a few.
 */
const SOON_MS = 2_000;
/** The longest pause between two tries. */
const MOST_MS = 300_000;
/** After how many pages the position is stored, so that a restart does not read a large ledger from the beginning. */
const PAGES_A_MOVE = 25;
/** How many missing keys are counted at most. */
const MOST_MISSING = 1_000_000;

interface SweepParts {
  readonly store: Pick<EventReader, 'readAll' | 'readStream' | 'head'>;
  readonly tables: KeptTables;
  readonly keys: KeptPersonalKeys;
  /** Drops kept answers and finished jobs, because somebody was erased, here or on another instance. */
  readonly forget: () => Promise<void>;
  /** Receives a sentence that the operator should read. */
  readonly warn: (message: string) => void;
  readonly report: (error: unknown) => void;
}

/**
 * Makes sure that every erasure in the ledger is carried out, even one that was interrupted, or whose keys a backup
 * brought back. The position up to which that is done is stored with the keys, so that a backup of the keys includes
 * it.
 */
export class ErasureSweep {
  private movedAt = -Infinity;
  private newest: Checkpoint | undefined;
  private erasures: number | undefined;
  private readonly moves = new OneAtATime();
  private soon: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly parts: SweepParts) {}

  /**
   * Carries out erasures recorded after the stored position. If there are no keys yet, no backup can have brought one
   * back, so the events are read while the service already answers.
   */
  async begin(): Promise<void> {
    const { store, tables, keys } = this.parts;
    const place = await this.place();
    const known = await erasuresIn(tables);
    // Read last: meanwhile, another instance may record an erasure and carry it out.
    const head = await store.head();
    const lacked = await this.drop(known, head);
    const from = (await isPositionIn(store, place, head)) ? place : 0;
    const look = async () => {
      await this.sweep(from, head);
      this.warnOfForgotten(usersOf(lacked).length);
    };
    if (await keys.any()) return look();
    this.moves.run(look).catch(this.parts.report);
  }

  /**
   * Drops the erasures that are not in the ledger, because it was restored from an older backup, and those beyond its
   * end: it may also be in another store, where positions mean something else.
   * @returns those that are not in the ledger.
   */
  private async drop(known: readonly CarriedOut[], head: number): Promise<CarriedOut[]> {
    const { store, tables } = this.parts;
    const beyond = known.filter(({ position }) => Number(position) > head);
    // The event of a restore takes the position of one that was lost.
    const isDoubtful = known.length > beyond.length && (await isRestored(store));
    const lacked = await erasuresLackedBy(store, isDoubtful ? known : beyond);
    const dropped = [...new Set([...beyond, ...lacked])];
    if (dropped.length > 0) {
      await tables.batch(
        dropped.map(({ event_id, position }) => ({
          sql: 'DELETE FROM erasures WHERE event_id = ? AND position = ?',
          values: [event_id, Number(position)],
        })),
      );
    }
    return lacked;
  }

  /** Notes that the projection has advanced, here or on another instance. */
  advanced(checkpoint: Checkpoint): void {
    this.newest = checkpoint;
    const erasures = checkpoint.agreement?.erasures ?? 0;
    if (erasures !== (this.erasures ??= erasures)) {
      this.erasures = erasures;
      this.parts.forget().catch(this.parts.report);
      this.carryOutSoon();
    }
    if (performance.now() < this.movedAt + MOVE_MS) return;
    this.movedAt = performance.now();
    this.moves.run(() => this.move()).catch(this.parts.report);
  }

  /** Stores the last position. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.soon);
    await this.moves.run(() => this.move()).catch(this.parts.report);
  }

  private carryOutSoon(ms = SOON_MS): void {
    if (this.closed) return;
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      this.moves
        .run(() => this.carryOut())
        .catch((error: unknown) => {
          this.parts.report(error);
          this.carryOutSoon(Math.min(2 * ms, MOST_MS));
        });
    }, ms).unref();
  }

  /** Makes sure that the newest erasures are carried out. Until then, answers with their values may have been kept. */
  private async carryOut(): Promise<void> {
    await this.move();
    // If this fails, it is not repeated: what is in memory is dropped whatever else fails.
    this.parts.forget().catch(this.parts.report);
  }

  /** Advances to the newest checkpoint. No events need to be read if all erasures up to it are already carried out. */
  private async move(): Promise<void> {
    const { newest } = this;
    const place = await this.place();
    if (newest === undefined || newest.position <= place) return;
    const [row] = await this.parts.tables.all<Record<'count' | 'passed', number | string>>(
      `SELECT count(*) AS count, coalesce(sum(CASE WHEN position > ? THEN 1 ELSE 0 END), 0) AS passed
       FROM erasures WHERE position <= ?`,
      [place, newest.position],
    );
    if (Number(row!.count) === (newest.agreement?.erasures ?? 0)) {
      return this.moveTo(newest.position, Number(row!.passed));
    }
    await this.sweep(place, newest.position);
  }

  private warnOfForgotten(users: number): void {
    if (users === 0) return;
    this.parts.warn(
      `${counted(users, 'user')} ${oneOrMany(users, 'was', 'were')} erased in events that this ledger does not have any more, because it was restored from a backup. Erase them again, and do not bring back their keys (docs/how-to/back-up-and-restore.md).`,
    );
  }

  private async sweep(from: number, upTo: number): Promise<void> {
    const { store, keys, warn } = this.parts;
    const missing = new Set<string>();
    let destroyed = 0;
    let passed = 0;
    let pages = 0;
    for (let after = from; after < upTo;) {
      const page = await store.readAll(after as Position, PAGE);
      const events = page.filter((event) => event.position <= upTo);
      if (events.length === 0) break;
      await this.noteMissing(events, missing);
      const erasures = events.filter(isErasure).map(toErasure);
      for (const erasure of erasures) for (const id of erasure.keys) missing.delete(id);
      if (erasures.length > 0) destroyed += await keys.destroy(erasures);
      passed += erasures.length;
      after = events.at(-1)!.position;
      pages += 1;
      // A sweep that goes on later would not warn of keys that were found missing before.
      if (pages % PAGES_A_MOVE === 0 && missing.size === 0) {
        await this.moveTo(after, passed);
        passed = 0;
      }
    }
    await this.moveTo(upTo, passed);
    if (destroyed > 0) {
      warn(
        `${counted(destroyed, 'key')} of erased users ${oneOrMany(destroyed, 'was', 'were')} destroyed: a backup had brought ${oneOrMany(destroyed, 'it', 'them')} back, or an erasure was interrupted. There is nothing to do.`,
      );
    }
    if (missing.size > 0) {
      warn(
        `${counted(missing.size, 'key')} of personal values that the ledger needs ${oneOrMany(missing.size, 'is', 'are')} missing, though no event erased them: the values are null in every answer. Restore the keys from a backup of the same time as the ledger (docs/how-to/back-up-and-restore.md).`,
      );
    }
  }

  private async noteMissing(events: readonly StoredEvent[], missing: Set<string>): Promise<void> {
    const ids = new Set<string>();
    for (const { body } of events) {
      const id = keyNamedIn(body);
      if (id !== undefined) ids.add(id);
    }
    if (ids.size === 0 || missing.size >= MOST_MISSING) return;
    for (const id of await this.parts.keys.missing([...ids])) missing.add(id);
  }

  private async place(): Promise<number> {
    return (await followedTo(this.parts.tables, FOLLOWER)) ?? 0;
  }

  /** @param passed how many erasures lie between the stored position and this one. */
  private async moveTo(position: number, passed: number): Promise<void> {
    const { tables, keys, forget, report } = this.parts;
    if (passed > 0) {
      // Scrubbing may wait for the database, and what is in memory must not stay for as long.
      forget().catch(report);
      // First: whoever destroyed their keys, here or on another instance, may have ended before it scrubbed.
      await keys.scrub().catch(report);
    }
    await followTo(tables, FOLLOWER, position);
  }
}

/** Whether an event is an erasure. */
export function isErasure({ type }: StoredEvent): boolean {
  return type === LEDGER_EVENTS.userErased;
}

/** Reads an erasure from its event. */
export function toErasure({ id, stream, body, position, recordedAt }: StoredEvent): Erasure {
  const { keys } = readLedgerEvent('user.erased', body).data;
  return { eventId: id, userId: userOfStream(stream), position, erasedAt: recordedAt, keys };
}
