import { LEDGER_OPENED, readLedgerEvent } from '../domain/ledger';
import { StoreError } from '../event-store/errors';
import { START, type EventReader, type Position, type StoredEvent } from '../event-store/port';

const PAGE = 2_000;

/** How far a copy has got. */
export interface Place {
  /** How many events both ledgers have. */
  readonly size: number;
  /** The position of the last of these events, in the source and in the copy. */
  readonly source: Position;
  readonly target: Position;
}

export const NOTHING_COPIED: Place = { size: 0, source: START, target: START };

/** The target's events are not the first events of the source, so nothing is written to it. */
class OtherLedgerThereError extends Error {
  constructor(message: string) {
    super(
      `${message} Nothing more is written to it. Copy to an empty target: another file, or another prefix.`,
    );
    this.name = 'OtherLedgerThereError';
  }
}

/**
 * Compares the two ledgers, from a point that both have reached to the end of the target.
 * @throws OtherLedgerThereError if the target differs from the source, or has more events.
 */
export async function findEnd(
  source: Pick<EventReader, 'readAll'>,
  target: Pick<EventReader, 'readAll'>,
  from: Place,
  onProgress: (place: Place) => void,
): Promise<Place> {
  let place = from;
  for (;;) {
    const page = await target.readAll(place.target, PAGE);
    if (page.length === 0) return place;
    const wanted = await source.readAll(place.source, page.length);
    // Large events may end the two pages at different places.
    const there = page.slice(0, Math.max(1, wanted.length));
    there.forEach((event, index) => check(event, wanted[index], place.size + index));
    place = {
      size: place.size + there.length,
      source: wanted.at(-1)!.position,
      target: there.at(-1)!.position,
    };
    onProgress(place);
  }
}

function check(there: StoredEvent, wanted: StoredEvent | undefined, index: number): void {
  if (wanted !== undefined && isSame(there, wanted)) return;
  if (index === 0) {
    throw new OtherLedgerThereError(`The target holds another ledger${nameOf(there)}.`);
  }
  if (wanted === undefined) {
    throw new OtherLedgerThereError(
      `The target has more events than the source, from index ${index} on. It was used after it was copied.`,
    );
  }
  throw new OtherLedgerThereError(`The target differs from the source, from index ${index} on.`);
}

/** Compares two events in everything except their positions. */
function isSame(a: StoredEvent, b: StoredEvent): boolean {
  return (
    a.id === b.id &&
    a.stream === b.stream &&
    a.revision === b.revision &&
    a.type === b.type &&
    a.recordedAt === b.recordedAt &&
    a.body === b.body
  );
}

function nameOf({ type, body }: StoredEvent): string {
  return type === LEDGER_OPENED ? ` (${readLedgerEvent(LEDGER_OPENED, body).data.ledger_id})` : '';
}

/** @throws StoreError `refused` if the source is empty, or does not begin as a ledger does. */
export async function checkIsLedger(source: Pick<EventReader, 'readAll'>): Promise<void> {
  const [first] = await source.readAll(START, 1);
  if (first?.type === LEDGER_OPENED) return;
  throw new StoreError(
    'refused',
    first === undefined
      ? 'The source holds no ledger: it has no events. Check the address and the prefix.'
      : `The source holds no ledger: its first event has the type ${first.type}.`,
  );
}
