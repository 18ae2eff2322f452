import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import cosigned from '../../test/fixtures/cosigned.json';
import { readWitnessFile, readWitnessPolicy } from './witness-policy';

const [W1, W2] = cosigned.witnesses.map(({ key }) => key) as [string, string];

describe('a list of witnesses (the witness lines of c2sp.org/tlog-policy)', () => {
  it('may contain comments, log lines and blank lines', () => {
    const text = [
      '# Those who watch.',
      '',
      `log ${cosigned.ledger}`,
      `witness one ${W1} https://witness.example.com/one/`,
      `  witness\ttwo   ${W2}  \r`,
    ].join('\n');
    expect(readWitnessPolicy(text)).toEqual([
      { label: 'one', key: W1, url: 'https://witness.example.com/one' },
      { label: 'two', key: W2, url: null },
    ]);
    expect(readWitnessPolicy('')).toEqual([]);
  });

  it.each([
    ['group both all one two', /^Line 2 .*Groups and quorums are not read/],
    ['quorum both', /^Line 2 .*Groups and quorums are not read/],
    ['witness one', /^Line 2 is not of the form witness NAME KEY \[URL\]/],
    [`witness one ${W1} https://a.example/ more`, /^Line 2 is not of the form/],
    [`Witness one ${W1}`, /^Line 2 is not of the form/],
    ['witness one a-key', /^Line 2: "a-key" is not a verifier key of a witness/],
    [`witness one ${cosigned.ledger}`, /^Line 2: .*not a key for Ed25519 cosignatures/],
    [`witness one ${W1.replace('+23516210+', '+23516211+')}`, /^Line 2: .* should have 23516210/],
    [`witness one ${W1.replace('/w1', '/w9')}`, /^Line 2: The key of witness.example.com\/w9/],
  ])('is refused with the number of the wrong line: %s', (line, sentence) => {
    expect(() => readWitnessPolicy(`# one\n${line}\n`)).toThrow(sentence);
  });

  it('may not name a key twice, even under another name, and is bounded', () => {
    const twice = `witness one ${W1}\nwitness two ${W1}\n`;
    expect(() => readWitnessPolicy(twice)).toThrow('two has the key of another witness.');
    const many = `witness one ${W1}\n`.repeat(33);
    expect(() => readWitnessPolicy(many)).toThrow('It has 33 witnesses; at most 32 are allowed.');
  });

  it('may begin with a byte order mark in a file, and is bounded', () => {
    const folder = mkdtempSync(join(tmpdir(), 'minutebook-policy-'));
    const path = join(folder, 'witnesses.txt');
    writeFileSync(path, `\uFEFFwitness one ${W1}\n`);
    expect(readWitnessFile(path)).toHaveLength(1);
    writeFileSync(path, '#'.repeat(65_537));
    expect(() => readWitnessFile(path)).toThrow('It has more than 65536 bytes.');
    rmSync(folder, { recursive: true });
  });
});
