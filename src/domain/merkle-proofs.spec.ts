import { createHash } from 'node:crypto';

import fc from 'fast-check';

import { leafHash, MerkleEdge } from './merkle';
import {
  checkConsistency,
  checkInclusion,
  consistencyProof,
  inclusionProof,
  rootAt,
} from './merkle-proofs';
import { readHashes, TileEdge, writeHashes } from './merkle-tiles';

/** Inputs, roots and proofs of the certificate-transparency reference tree (transparency-dev/merkle, testonly). */
const INPUTS = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => Buffer.from(hex, 'hex'));

const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const PATHS: [index: number, size: number, path: string[]][] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  [
    1,
    5,
    [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];

const CONSISTENCIES: [first: number, second: number, proof: string[]][] = [
  [1, 1, []],
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];

/** A tree of leaf hashes, in tiles as they are stored. */
function treeOf(leaves: readonly Buffer[]) {
  const tiles = new Map<string, string>();
  const edge = new TileEdge(0, []);
  for (const leaf of leaves) {
    for (const { level, number, hashes } of edge.add(leaf)) {
      tiles.set(`${level}/${number}`, writeHashes(hashes));
    }
  }
  return (level: number, number: number) =>
    Promise.resolve(readHashes(tiles.get(`${level}/${number}`) ?? ''));
}

const hex = (hashes: readonly Buffer[]) => hashes.map((hash) => hash.toString('hex'));

/** The published inputs with their RFC 6962 leaf hashes. */
const vectors = INPUTS.map((input) =>
  createHash('sha256')
    .update(Buffer.from([0]))
    .update(input)
    .digest(),
);

describe('proofs over the Merkle log', () => {
  const read = treeOf(vectors);

  it('gives the roots of the published vectors', async () => {
    for (const [index, root] of ROOTS.entries()) {
      expect((await rootAt(index + 1, read)).toString('hex')).toBe(root);
    }
  });

  it('gives the inclusion proofs of the published vectors', async () => {
    for (const [index, size, path] of PATHS) {
      expect(hex(await inclusionProof(index, size, read))).toEqual(path);
    }
  });

  it('gives the consistency proofs of the published vectors', async () => {
    for (const [first, second, proof] of CONSISTENCIES) {
      expect(hex(await consistencyProof(first, second, read))).toEqual(proof);
    }
  });

  it('proves every leaf and every earlier tree, for a tree of any size, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 700 }),
        fc.nat(),
        fc.nat(),
        fc.nat(),
        async (leaves, a, b, c) => {
          const hashes = Array.from({ length: leaves }, (_, index) => leafHash(String(index)));
          const tiles = treeOf(hashes);
          const size = 1 + (a % leaves);
          const index = b % size;
          const first = 1 + (c % size);
          const [root, firstRoot] = [await rootAt(size, tiles), await rootAt(first, tiles)];
          const edge = MerkleEdge.of(0, []);
          for (const hash of hashes.slice(0, size)) edge.add(hash);
          expect(root.toString('hex')).toBe(edge.root());
          const path = await inclusionProof(index, size, tiles);
          expect(checkInclusion(hashes[index]!, index, size, path, root)).toBe(true);
          expect(checkInclusion(leafHash('other'), index, size, path, root)).toBe(false);
          if (size > 1) {
            const other = (index + 1) % size;
            expect(checkInclusion(hashes[index]!, other, size, path, root)).toBe(false);
          }
          const proof = await consistencyProof(first, size, tiles);
          expect(checkConsistency(first, size, proof, firstRoot, root)).toBe(true);
          expect(checkConsistency(first, size, proof, leafHash('other'), root)).toBe(false);
          if (first !== size) {
            expect(checkConsistency(first, size, proof, firstRoot, leafHash('other'))).toBe(false);
          }
        },
      ),
    );
  });

  it('continues from the partial tiles of any size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), (leaves) => {
        const stored = new Map<string, readonly Buffer[]>();
        const edge = new TileEdge(0, []);
        for (let index = 0; index < leaves; index += 1) {
          for (const { level, number, hashes } of edge.add(leafHash(String(index)))) {
            stored.set(`${level}/${number}`, hashes);
          }
        }
        const partial: (readonly Buffer[])[] = [];
        for (const { level, number } of TileEdge.partialTiles(leaves)) {
          partial[level] = stored.get(`${level}/${number}`)!;
        }
        const again = new TileEdge(
          leaves,
          Array.from(partial, (one) => one ?? []),
        );
        for (let more = 0; more < 40; more += 1) {
          const leaf = leafHash(`more ${more}`);
          expect(again.add(leaf)).toEqual(edge.add(leaf));
        }
      }),
      { numRuns: 20 },
    );
  });
});
