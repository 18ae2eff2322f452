import cosigned from '../../test/fixtures/cosigned.json';
import { isContinued } from './merkle';
import { DoesNotFollow } from './problem';
import { cosignedAt, readCheckpoint, readVerifierKey, readWitnessKey } from './signed-note';

const { note, ledger, witnesses, proofs } = cosigned;
const roots = cosigned.roots as Readonly<Record<string, string>>;
const rootOf = (size: number) => roots[String(size)]!;
const [first] = witnesses.map(({ key }) => readWitnessKey(key));

describe('reading what witnesses signed', () => {
  it('accepts a note that another implementation signed and cosigned', () => {
    expect(readCheckpoint(note, readVerifierKey(ledger))).toEqual({
      origin: note.split('\n')[0],
      size: 13,
      root: rootOf(13),
    });
    for (const { key, at } of witnesses) expect(cosignedAt(note, readWitnessKey(key))).toBe(at);
  });

  it('finds no cosignature of a witness that did not sign, and refuses a wrong one', () => {
    const others = note.split('\n').filter((line) => !line.includes('/w1 '));
    expect(cosignedAt(others.join('\n'), first!)).toBeNull();
    expect(() => cosignedAt(note.replace('\n13\n', '\n14\n'), first!)).toThrow(DoesNotFollow);
  });

  it("never takes a ledger's key for a witness's, or the other way round", () => {
    expect(() => readWitnessKey(ledger)).toThrow(/not that of a witness/);
    expect(() => readVerifierKey(witnesses[0]!.key)).toThrow(/not an Ed25519 key/);
  });
});

describe('a proof that one tree extends another (RFC 6962, 2.1.2)', () => {
  it.each(proofs)('holds if another implementation made it: $first of $second', (given) => {
    const { first: small, second: large } = given;
    const proof = given.proof.map((hash) => Buffer.from(hash, 'hex'));
    const holds = (some: readonly Buffer[], from = rootOf(small), to = rootOf(large)) =>
      isContinued([small, from], [large, to], some);
    expect(holds(proof)).toBe(true);
    expect(holds([...proof, Buffer.alloc(32)])).toBe(false);
    const other = Buffer.alloc(32, 9).toString('hex');
    expect(holds(proof, rootOf(small), other)).toBe(false);
    expect(holds(proof, other)).toBe(false);
    for (const at of proof.keys()) {
      expect(holds(proof.toSpliced(at, 1))).toBe(false);
      expect(holds(proof.with(at, Buffer.alloc(32, 7)))).toBe(false);
    }
  });
});
