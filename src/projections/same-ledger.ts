import { leafHash, leafText } from '../domain/merkle';
import { readHashes, TILE_WIDTH } from '../domain/merkle-tiles';
import { StoreError } from '../event-store/errors';
import type { EventReader, Position, StoredEvent } from '../event-store/port';
import type { RowStore } from '../read-model/rows';

/** The read model was not filled from this ledger. */
class OtherLedgerError extends Error {
  constructor(cause?: unknown) {
    super(
      'The read model was filled from another event store, or from one that held more events: the ledger was moved, or restored from an older backup. Delete the read model (READ_MODEL_URL, or read-models.db in DATA_DIR; in PostgreSQL: DROP SCHEMA minutebook_read CASCADE) and start again: it is filled from the ledger.',
      { cause },
    );
    this.name = 'OtherLedgerError';
  }
}

/**
 * Checks that the last event in a read model is in the store at the same position, with the same content.
 * @throws OtherLedgerError if it is not; StoreError if the store cannot be read.
 */
export async function checkSameLedger(
  store: Pick<EventReader, 'readAll'>,
  rows: Pick<RowStore, 'checkpoint' | 'merkleTile'>,
): Promise<void> {
  const { size, position } = await rows.checkpoint();
  if (size === 0) return;
  const place = (size - 1) % TILE_WIDTH;
  const tile = await rows.merkleTile(0, (size - 1 - place) / TILE_WIDTH);
  const event = tile && (await readOne(store, tile.after_position as Position, place));
  const known = tile && readHashes(tile.hashes)[place];
  const same = event?.position === position && known?.equals(leafHash(leafText(event))) === true;
  if (!same) throw new OtherLedgerError();
}

async function readOne(
  store: Pick<EventReader, 'readAll'>,
  after: Position,
  place: number,
): Promise<StoredEvent | undefined> {
  try {
    const events: StoredEvent[] = [];
    while (events.length <= place) {
      const page = await store.readAll(events.at(-1)?.position ?? after, place + 1 - events.length);
      if (page.length === 0) break;
      events.push(...page);
    }
    return events[place];
  } catch (error) {
    // Some stores refuse to read from a position at which they have no event.
    if (error instanceof StoreError && error.code === 'refused') throw new OtherLedgerError(error);
    throw error;
  }
}
