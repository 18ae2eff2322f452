import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import cosigned from '../../test/fixtures/cosigned.json';
import { ConfigError, readConfig } from './config';

const W1 = cosigned.witnesses[0]!.key;

describe('the configuration of witnesses', () => {
  const folder = mkdtempSync(join(tmpdir(), 'minutebook-witnesses-'));
  const path = join(folder, 'witnesses.txt');
  afterAll(() => rmSync(folder, { recursive: true }));
  const read = (more: Readonly<Record<string, string>> = {}) =>
    readConfig({ WITNESSES_FILE: path, ...more }, 0);
  const mistakeOf = (more: Readonly<Record<string, string>> = {}): string => {
    try {
      read(more);
      return '';
    } catch (error) {
      const { mistakes } = error as ConfigError;
      expect(mistakes).toHaveLength(1);
      return mistakes[0]!;
    }
  };

  it('asks nobody unless a file is named', () => {
    expect(readConfig({}, 0).outsiders.witnesses).toEqual([]);
  });

  it('reads who is asked, and where', () => {
    writeFileSync(path, `witness one ${W1} https://witness.example.com/\n`);
    expect(read().outsiders.witnesses).toEqual([
      { label: 'one', key: W1, url: 'https://witness.example.com' },
    ]);
  });

  it.each([
    ['', /one has no address/],
    ['nowhere', /one has an address that is not a URL/],
    ['http://witness.example.com', /must begin with https:\/\//],
    ['ftp://witness.example.com', /must begin with https:\/\//],
    ['https://user:pass@witness.example.com', /must have no user, password/],
    ['https://witness.example.com/?a=b', /must have no user, password, query/],
    ['https://witness.example.com/#a', /must have no user, password, query or fragment/],
  ])('refuses the address "%s"', (url, sentence) => {
    writeFileSync(path, `witness one ${W1} ${url}\n`);
    const mistake = mistakeOf();
    expect(mistake).toMatch(sentence);
    expect(mistake).toContain(`WITNESSES_FILE (${path})`);
    expect(mistake).not.toContain('pass@');
  });

  it('takes plain http if private addresses are allowed', () => {
    writeFileSync(path, `witness one ${W1} http://127.0.0.1:9/prefix\n`);
    const allowed = { WITNESS_ALLOW_PRIVATE: 'true' };
    expect(read(allowed).outsiders.witnesses).toMatchObject([{ url: 'http://127.0.0.1:9/prefix' }]);
    writeFileSync(path, '');
    expect(mistakeOf({ WITNESS_ALLOW_PRIVATE: 'yes' })).toContain('WITNESS_ALLOW_PRIVATE');
  });

  it('names the line of a mistake in the file, and the file that is not there', () => {
    writeFileSync(path, `\n\nwitness one a-key https://witness.example.com\n`);
    expect(mistakeOf()).toMatch(/^WITNESSES_FILE .*Line 3: "a-key" is not a verifier key/);
    rmSync(path);
    expect(mistakeOf()).toMatch(/it can't be read \(ENOENT\)/);
  });
});
