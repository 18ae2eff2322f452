import { readHashes, type TileReader } from '../domain/merkle-tiles';
import type { ReadModelSnapshot } from '../read-model/queries';

/** Reads the ledger's Merkle tiles from a snapshot of the read model. */
export function tilesOf(rows: Pick<ReadModelSnapshot, 'merkleTile'>): TileReader {
  return async (level, number) => readHashes((await rows.merkleTile(level, number))?.hashes ?? '');
}
