import { createHash, generateKeyPairSync, sign } from 'node:crypto';

import { checkInclusion, vouchedRoot } from './check';

const hash = (...parts: readonly (Buffer | string)[]) =>
  parts.reduce((all, part) => all.update(part), createHash('sha256')).digest();

/** RFC 6962 by its recursive definition, which the checker does not use. */
function naiveTree(leaves: readonly string[]) {
  const rootOf = (some: readonly string[]): Buffer => {
    if (some.length === 1) return hash(Buffer.from([0]), some[0]!);
    const left = halfOf(some.length);
    return hash(Buffer.from([1]), rootOf(some.slice(0, left)), rootOf(some.slice(left)));
  };
  const pathOf = (index: number, some: readonly string[]): Buffer[] => {
    if (some.length === 1) return [];
    const left = halfOf(some.length);
    return index < left
      ? [...pathOf(index, some.slice(0, left)), rootOf(some.slice(left))]
      : [...pathOf(index - left, some.slice(left)), rootOf(some.slice(0, left))];
  };
  return {
    root: rootOf(leaves),
    path: (index: number) => pathOf(index, leaves).map((one) => one.toString('hex')),
  };
}

/** The largest power of two below a size. */
function halfOf(size: number): number {
  let half = 1;
  while (half * 2 < size) half *= 2;
  return half;
}

const LEAVES = Array.from({ length: 13 }, (_, index) => `leaf ${index} – 文字`);

/** A key and the notes it signs, as c2sp.org/signed-note says, made with Node's own cryptography. */
function signer(name: string) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const bytes = Buffer.concat([Buffer.from([1]), raw]);
  const id = createHash('sha256').update(`${name}\n`).update(bytes).digest().subarray(0, 4);
  return {
    key: `${name}+${id.toString('hex')}+${bytes.toString('base64')}`,
    note: (size: number, root: Buffer) => {
      const text = `${name}\n${size}\n${root.toString('base64')}\n`;
      const signature = Buffer.concat([id, sign(null, Buffer.from(text), privateKey)]);
      return `${text}\n— ${name} ${signature.toString('base64')}\n`;
    },
  };
}

const ledger = signer('minutebook.test/ledger');

it('finds every event of trees of every size under the signed root', async () => {
  for (let size = 1; size <= LEAVES.length; size += 1) {
    const tree = naiveTree(LEAVES.slice(0, size));
    const root = await vouchedRoot(ledger.note(size, tree.root), ledger.key);
    for (let index = 0; index < size; index += 1) {
      const claim = { leaf: LEAVES[index]!, index, size, path: tree.path(index) };
      await expect(checkInclusion(claim, root)).resolves.toMatch(/^[0-9a-f]{64}$/);
    }
  }
});

describe('rejects', () => {
  const tree = naiveTree(LEAVES);
  const size = LEAVES.length;
  const claim = { leaf: LEAVES[4]!, index: 4, size, path: tree.path(4) };
  const rootOf = () => vouchedRoot(ledger.note(size, tree.root), ledger.key);

  it('an event that was changed', async () => {
    await expect(checkInclusion({ ...claim, leaf: 'leaf 4' }, await rootOf())).rejects.toThrow(
      'a different root',
    );
  });

  it('an event at another index', async () => {
    await expect(checkInclusion({ ...claim, index: 5 }, await rootOf())).rejects.toThrow(
      'a different root',
    );
    await expect(checkInclusion({ ...claim, index: 13 }, await rootOf())).rejects.toThrow(
      'not in the tree',
    );
  });

  it('a path that is too short, too long, or no path', async () => {
    const root = await rootOf();
    await expect(checkInclusion({ ...claim, path: claim.path.slice(1) }, root)).rejects.toThrow(
      'too short',
    );
    await expect(
      checkInclusion({ ...claim, path: [...claim.path, claim.path[0]!] }, root),
    ).rejects.toThrow('too long');
    await expect(checkInclusion({ ...claim, path: ['zz'] }, root)).rejects.toThrow('hex');
  });

  it('a proof for another size', async () => {
    await expect(checkInclusion({ ...claim, size: 12 }, await rootOf())).rejects.toThrow(
      'for size 12',
    );
  });

  it('a root that another key signed, or that was changed', async () => {
    const note = ledger.note(size, tree.root);
    await expect(vouchedRoot(note, signer('minutebook.test/ledger').key)).rejects.toThrow(
      'another key',
    );
    await expect(vouchedRoot(note.replace('\n13\n', '\n14\n'), ledger.key)).rejects.toThrow(
      'signature',
    );
    await expect(vouchedRoot('nonsense', ledger.key)).rejects.toThrow('signed note');
  });

  it('a key that is malformed, or whose id is not its own', async () => {
    const note = ledger.note(size, tree.root);
    await expect(vouchedRoot(note, 'nonsense')).rejects.toThrow('form');
    await expect(
      vouchedRoot(note, ledger.key.replace(/\+[0-9a-f]{8}\+/, '+00000000+')),
    ).rejects.toThrow('id');
  });
});
