import cosigned from '../../../test/fixtures/cosigned.json';
import { readCosignerKey } from '../../lib/cosigner-key';
import { checkNote } from '../signed-root/signed-note';
import { cosignatureBy } from './cosignature';

const { note, ledger, witnesses } = cosigned;
const [first, second] = witnesses.map(({ key }) => readCosignerKey(key));
const lines = note.trimEnd().split('\n').slice(4);
const text = note.slice(0, note.indexOf('\n\n') + 2);
const WRONG = { fault: 'The cosignature of witness.example.com/w1 is wrong.' };

/** Returns the note with other bytes in the first witness's line. */
function changed(change: (bytes: Buffer) => Buffer): string {
  const [, name, base64] = lines[1]!.split(' ');
  return `${text}— ${name} ${change(Buffer.from(base64!, 'base64')).toString('base64')}\n`;
}

describe('a cosignature (c2sp.org/tlog-cosignature)', () => {
  it("is found by each witness's key, although another implementation made it", () => {
    expect(cosignatureBy(first!, note)).toEqual({
      witness: 'witness.example.com/w1',
      at: witnesses[0]!.at * 1_000,
      line: lines[1],
    });
    expect(cosignatureBy(second!, note)).toMatchObject({ at: witnesses[1]!.at * 1_000 });
  });

  it("leaves the ledger's own signature valid", () => {
    expect(checkNote(note, [ledger])).toEqual({
      signed: { origin: note.split('\n')[0], size: 13, root: cosigned.roots['13'] },
    });
  });

  it('is absent if the line has another name or key, or if there is no line', () => {
    for (const other of [
      text,
      `${text}${lines[0]}\n${lines[2]}\n`,
      note.replace('— witness.example.com/w1', '— witness.example.com/w3'),
      changed((bytes) => Buffer.concat([Buffer.alloc(4), bytes.subarray(4)])),
      'no note at all',
      '',
    ]) {
      expect(cosignatureBy(first!, other)).toBeUndefined();
    }
  });

  it('is wrong if a byte of the text, the time or the signature was changed', () => {
    expect(cosignatureBy(first!, note.replace('\n13\n', '\n14\n'))).toEqual(WRONG);
    for (const at of [4, 11, 12, 75]) {
      const other = changed((bytes) => {
        bytes[at]! ^= 1;
        return bytes;
      });
      expect(cosignatureBy(first!, other)).toEqual(WRONG);
    }
  });

  it('is wrong if it is too short or too long, or if it has no time', () => {
    const untimed = (bytes: Buffer) =>
      Buffer.concat([bytes.subarray(0, 4), Buffer.alloc(8), bytes.subarray(12)]);
    const late = (bytes: Buffer) =>
      Buffer.concat([bytes.subarray(0, 4), Buffer.alloc(8, 0xff), bytes.subarray(12)]);
    for (const change of [
      (bytes: Buffer) => bytes.subarray(0, 75),
      (bytes: Buffer) => bytes.subarray(0, 4),
      (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(1)]),
      // A plain signature of a signed note.
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 4), bytes.subarray(12)]),
      untimed,
      late,
    ]) {
      expect(cosignatureBy(first!, changed(change))).toEqual(WRONG);
    }
  });

  it('is wrong in another spelling of its base64, because a bundle that carries it would be refused', () => {
    const line = lines[1]!;
    // The last letter before the padding has spare bits.
    const respelt = `${line.slice(0, -3)}${nextLetter(line.at(-3)!)}==`;
    expect(cosignatureBy(first!, `${text}${respelt}\n`)).toEqual(WRONG);
    expect(cosignatureBy(first!, `${text}${line.replace(/=+$/, '')}\n`)).toEqual(WRONG);
  });
});

/** Returns the next letter of the base64 alphabet. */
function nextLetter(letter: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return letters[letters.indexOf(letter) + 1]!;
}
