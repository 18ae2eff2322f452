import type { RootArchive } from '../../src/proofs/signed-root/root-archive';
import type { ApiKeys } from '../../src/security/keys/api-keys';
import { writeSigningKey, type SigningKeys } from '../../src/security/signing-keys';

/** A store of keys and roots, and how to open it once more, as another instance or after a restart. */
export interface VaultUnderTest {
  readonly signingKeys: SigningKeys;
  readonly apiKeys: ApiKeys;
  readonly roots: RootArchive;
  again(): Promise<Omit<VaultUnderTest, 'again' | 'close'>>;
  close(): Promise<void>;
}

const NOW = Date.parse('2026-11-20T00:00:00Z');

/** What every store of keys and signed roots does. */
export function vaultContract(open: () => Promise<VaultUnderTest>): void {
  let vault: VaultUnderTest;
  beforeEach(async () => (vault = await open()));
  afterEach(() => vault.close());

  const written = async (keys: SigningKeys) => (await keys.all(NOW)).map(writeSigningKey);

  it('makes the first key on demand, and keeps it', async () => {
    const keys = await vault.signingKeys.all(NOW);
    expect(keys).toHaveLength(1);
    expect(keys[0].createdAt).toBe(NOW);
    const { signingKeys } = await vault.again();
    expect(await written(signingKeys)).toEqual(keys.map(writeSigningKey));
  });

  it('makes one key for simultaneous callers', async () => {
    const others = await Promise.all([vault.again(), vault.again(), vault.again()]);
    const all = await Promise.all(
      [vault, ...others].map(({ signingKeys }) => written(signingKeys)),
    );
    for (const keys of all) expect(keys).toEqual(all[0]);
    expect(all[0]).toHaveLength(1);
  });

  it('returns the newest key first after a rotation', async () => {
    const [first] = await written(vault.signingKeys);
    const made = await vault.signingKeys.rotate(NOW + 1);
    expect(made.createdAt).toBe(NOW + 1);
    const { signingKeys } = await vault.again();
    expect(await written(signingKeys)).toEqual([writeSigningKey(made), first]);
  });

  it('has no root and no public key at first', async () => {
    expect(await vault.roots.newest()).toBeUndefined();
    expect(await vault.roots.sizes()).toEqual([]);
    expect(await vault.roots.publishedKeys()).toEqual([]);
    await expect(vault.roots.at(7)).rejects.toThrow('No root of 7 events is kept.');
  });

  it('keeps roots by their number of events, each as it was last written', async () => {
    await vault.roots.keep({ size: 12, note: 'twelve\n' }, false);
    await vault.roots.keep({ size: 3, note: 'three\n' }, true);
    await vault.roots.keep({ size: 3, note: 'three again\n' }, true);
    const { roots } = await vault.again();
    expect(await roots.sizes()).toEqual([3, 12]);
    expect(await roots.pinned()).toEqual([3]);
    expect(await roots.newest()).toEqual({ size: 12, note: 'twelve\n' });
    expect(await roots.at(3)).toEqual({ size: 3, note: 'three again\n' });
  });

  it('keeps pinned roots forever, and the newest thousand of the others', async () => {
    await vault.roots.keep({ size: 1, note: 'pinned\n' }, true);
    for (let size = 2; size <= 1_004; size += 1) {
      await vault.roots.keep({ size, note: `${size}\n` }, false);
    }
    const sizes = await vault.roots.sizes();
    expect(sizes).toHaveLength(1_001);
    expect(sizes.slice(0, 3)).toEqual([1, 5, 6]);
    expect(await vault.roots.pinned()).toEqual([1]);
  });

  it('reads all roots while others are added: every pinned one, and those that stay', async () => {
    await vault.roots.keep({ size: 1, note: 'pinned\n' }, true);
    for (let size = 2; size <= 1_001; size += 1) {
      await vault.roots.keep({ size, note: `${size}\n` }, false);
    }
    const { roots } = await vault.again();
    const read: number[] = [];
    for await (const { size } of vault.roots.all()) {
      read.push(size);
      if (size > 1) continue;
      await roots.keep({ size: 1_002, note: 'pushes out 2\n' }, false);
      await roots.keep({ size: 9, note: 'nine\n' }, true);
    }
    const stayed = read.filter((size) => size !== 2 && size <= 1_001);
    expect(stayed).toEqual([1, ...sequence(3, 1_001)]);
  });

  it('keeps the notes in which keys name their successors, one per key', async () => {
    expect(await vault.roots.handovers()).toEqual([]);
    await vault.roots.keepHandover('0a1b2c3d', 'first\n');
    await vault.roots.keepHandover('4e5f6071', 'second\n');
    await vault.roots.keepHandover('0a1b2c3d', 'first again\n');
    const { roots } = await vault.again();
    expect([...(await roots.handovers())].sort()).toEqual(['first again\n', 'second\n']);
    expect(await roots.sizes()).toEqual([]);
  });

  it('replaces the published keys', async () => {
    await vault.roots.publishKeys(['new+1', 'old+1']);
    await vault.roots.publishKeys(['newer+1', 'new+1', 'old+1']);
    const { roots } = await vault.again();
    expect(await roots.publishedKeys()).toEqual(['newer+1', 'new+1', 'old+1']);
  });

  it('keeps the note in which a key names its successor', async () => {
    expect(await vault.roots.handovers()).toEqual([]);
    await vault.roots.keepHandover('0a1b2c3d', 'to the second\n');
    await vault.roots.keepHandover('4e5f6071', 'to the third\n');
    const { roots } = await vault.again();
    expect([...(await roots.handovers())].sort()).toEqual(['to the second\n', 'to the third\n']);
  });

  const root = (size: number) => ({ size, note: noteOf(size, signature('ledger', 'a')) });
  const cosign = (roots: RootArchive, size: number, name: string, said = 'x') =>
    roots.cosign(root(size), signature(name, said), idOf(name));

  it('keeps cosignatures with their root, and the newest root that each witness cosigned', async () => {
    const { roots } = vault;
    expect(await roots.cosigned()).toEqual([]);
    await roots.keep(root(7), true);
    await roots.keep(root(9), false);
    await cosign(roots, 7, 'w1');
    await cosign(roots, 7, 'w2');
    const all = await cosign(roots, 9, 'w1');
    expect(all).toBe(noteOf(9, signature('ledger', 'a'), signature('w1', 'x')));
    const again = (await vault.again()).roots;
    expect(signersIn((await again.at(7)).note)).toEqual(['ledger', 'w1', 'w2']);
    expect((await again.at(9)).note).toBe(all);
    const found = (await again.cosigned()).map(({ size, note }) => [size, signersIn(note)]);
    expect(found).toEqual([
      [7, ['ledger', 'w1', 'w2']],
      [9, ['ledger', 'w1']],
    ]);
  });

  it('keeps a cosignature when its root is kept again, and of each witness only the last on a root', async () => {
    const { roots } = vault;
    await roots.keep(root(7), false);
    await cosign(roots, 7, 'w1', 'first');
    await cosign(roots, 7, 'w1', 'second');
    await roots.keep({ size: 7, note: noteOf(7, signature('ledger', 'b')) }, true);
    const { note } = await roots.at(7);
    expect(signersIn(note)).toEqual(['ledger', 'w1']);
    expect(note).toContain(signature('w1', 'second'));
    expect(note).toContain(signature('ledger', 'b'));
  });

  it('keeps a cosignature of a root that is no longer kept', async () => {
    await cosign(vault.roots, 7, 'w1');
    expect(await vault.roots.sizes()).toEqual([]);
    expect(await (await vault.again()).roots.cosigned()).toMatchObject([{ size: 7 }]);
  });

  it('forgets the cosignatures of a root that is given up, and of no other', async () => {
    const { roots } = vault;
    for (const size of [7, 9]) await roots.keep(root(size), true);
    await cosign(roots, 7, 'w1');
    await cosign(roots, 9, 'w2');
    await roots.giveUp({ size: 9, root: '00' });
    expect((await roots.cosigned()).map(({ size }) => size)).toEqual([7, 9]);
    await roots.giveUp({ size: 9, root: ROOT });
    expect((await roots.cosigned()).map(({ size }) => size)).toEqual([7]);
    expect((await roots.givenUp()).map(({ size }) => size)).toEqual([9]);
  });

  it('sets aside a root that only a witness still has, and does so once, however often it is given up', async () => {
    await cosign(vault.roots, 9, 'w1');
    for (let times = 0; times < 2; times += 1) await vault.roots.giveUp({ size: 9, root: ROOT });
    const { roots } = await vault.again();
    expect(await roots.cosigned()).toEqual([]);
    expect((await roots.givenUp()).map(({ note }) => signersIn(note))).toEqual([['ledger', 'w1']]);
  });

  it('does not return to an older root of a witness whose answer arrives late', async () => {
    const { roots } = vault;
    for (const size of [7, 9]) await roots.keep(root(size), true);
    await cosign(roots, 9, 'w1');
    await cosign(roots, 7, 'w1');
    expect((await roots.cosigned()).map(({ size }) => size)).toEqual([9]);
    expect(signersIn((await roots.at(7)).note)).toEqual(['ledger', 'w1']);
  });
}

/** What the notes name as their root, in hex. */
const ROOT = Buffer.from('root', 'base64').toString('hex');

const sequence = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

const idOf = (name: string) => Buffer.from(name.padEnd(4).slice(0, 4)).toString('hex');

/** The signature line of a signer: its key id, and what it signed. */
function signature(name: string, said: string): string {
  const bytes = Buffer.concat([Buffer.from(idOf(name), 'hex'), Buffer.from(said)]);
  return `— ${name} ${bytes.toString('base64')}`;
}

function noteOf(size: number, ...lines: readonly string[]): string {
  return `minutebook/a-ledger\n${size}\nroot\n\n${lines.map((line) => `${line}\n`).join('')}`;
}

/** The names that signed a note, in alphabetical order. */
function signersIn(note: string): string[] {
  const lines = note.slice(note.indexOf('\n\n') + 2).trimEnd();
  return lines
    .split('\n')
    .map((line) => line.split(' ')[1]!)
    .sort();
}
