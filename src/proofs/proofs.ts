import { consistencyProof, inclusionProof, rootAt } from '../domain/merkle-proofs';
import { TILE_WIDTH, type TileReader } from '../domain/merkle-tiles';
import { Problem } from '../http/problem';
import type { ReadModel, ReadModelSnapshot } from '../read-model/queries';
import type { RootSigner } from './signed-root/root-signer';
import { tilesOf } from './tiles';
import { counted } from '../lib/counted';

/** Roots and proofs of the ledger's Merkle log, from the tiles of one snapshot. Each takes O(log n) reads. */
export class LedgerProofs {
  constructor(
    private readonly readModel: ReadModel,
    private readonly signer: RootSigner,
  ) {}

  /**
   * Returns the signed root of the first `size` events (by default all).
   * @throws Problem `invalid_parameter`, `not_caught_up`, and `ledger_changed` if the ledger contradicts what was
   * signed before.
   */
  async root(size: number | undefined) {
    const { shown, root } = await this.readModel.read(async (rows) => {
      const shown = await sizeOf(rows, size, '/size');
      return { shown, root: (await rootAt(shown, tilesOf(rows))).toString('hex') };
    });
    const checkpoint = await this.signer.sign(shown, root);
    const witnessed = await this.signer.witnessed(shown);
    const { verifierKeys, handovers } = this.signer;
    return { size: shown, root, checkpoint, verifier_keys: verifierKeys, handovers, witnessed };
  }

  /** Proves that the event at `index` is among the first `size`. @throws Problem as {@link root}, and `not_found`. */
  inclusion(index: number, size: number | undefined) {
    return this.readModel.read(async (rows) => {
      const shown = await sizeOf(rows, size, '/size');
      if (index >= shown) {
        throw new Problem(
          'not_found',
          `There is no index ${index} among the first ${counted(shown, 'event')}.`,
        );
      }
      const tiles = tilesOf(rows);
      return {
        index,
        size: shown,
        leaf_hash: (await leafOf(index, tiles)).toString('hex'),
        path: hex(await inclusionProof(index, shown, tiles)),
        root: (await rootAt(shown, tiles)).toString('hex'),
      };
    });
  }

  /** Proves that the first `second` events extend the first `first`. @throws Problem as {@link root}. */
  consistency(first: number, second: number | undefined) {
    return this.readModel.read(async (rows) => {
      const later = await sizeOf(rows, second, '/second');
      if (first > later) {
        throw new Problem('invalid_parameter', `first must not be greater than ${later}.`, {
          pointer: '/first',
        });
      }
      const tiles = tilesOf(rows);
      return {
        first,
        second: later,
        proof: hex(await consistencyProof(first, later, tiles)),
        first_root: (await rootAt(first, tiles)).toString('hex'),
        second_root: (await rootAt(later, tiles)).toString('hex'),
      };
    });
  }
}

async function sizeOf(
  rows: ReadModelSnapshot,
  asked: number | undefined,
  pointer: string,
): Promise<number> {
  const standing = await rows.standing();
  if (standing === undefined) {
    throw new Problem('not_caught_up', 'The read model is being built. Ask again in a second.');
  }
  if (asked === undefined) return standing.size;
  if (asked <= standing.size) return asked;
  const detail = `The ledger has ${counted(standing.size, 'event')} so far, and ${pointer.slice(1)} must not be greater.`;
  throw new Problem('invalid_parameter', detail, { pointer });
}

async function leafOf(index: number, tiles: TileReader): Promise<Buffer> {
  return (await tiles(0, Math.floor(index / TILE_WIDTH)))[index % TILE_WIDTH]!;
}

function hex(hashes: readonly Buffer[]): string[] {
  return hashes.map((hash) => hash.toString('hex'));
}
