import { leafHash, leafText, MerkleEdge } from './merkle';

/** Leaves and roots of the certificate-transparency reference tests (RFC 6962 hashing). */
const LEAVES = ['', '\u0000', '\u0010', ' !', '01', '@ABC', 'PQRSTUVW', '`abcdefghijklmno'];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe('the Merkle tree', () => {
  it('has the published roots, at every size', () => {
    const edge = MerkleEdge.of(0, []);
    const roots = [edge.root()];
    for (const leaf of LEAVES) {
      edge.add(leafHash(leaf));
      roots.push(edge.root());
    }
    expect(roots).toEqual(ROOTS);
  });

  it('continues from its stored subtrees', () => {
    let kept = { size: 0, edge: [] as readonly string[] };
    for (const leaf of LEAVES) {
      const edge = MerkleEdge.of(kept.size, kept.edge);
      edge.add(leafHash(leaf));
      kept = { size: edge.size, edge: edge.toHex() };
    }
    expect(MerkleEdge.of(kept.size, kept.edge).root()).toBe(ROOTS[8]);
  });

  it("hashes an event's stream, type, recorded time and stored text", () => {
    const event = { stream: 's"1', type: 't', recordedAt: 0, body: '{"a":1}' };
    expect(leafText(event)).toBe(
      '{"stream":"s\\"1","type":"t","recorded_at":"1970-01-01T00:00:00.000Z","event":{"a":1}}',
    );
  });
});
