import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readJsonFile } from './json-file';

describe('a JSON file', () => {
  let folder: string;
  const file = (content: string | Buffer) => {
    const path = join(folder, 'file.json');
    writeFileSync(path, content);
    return path;
  };
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'minutebook-json-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is read with or without a byte order mark', () => {
    expect(readJsonFile(file('{"a":"é"}'))).toEqual({ a: 'é' });
    expect(readJsonFile(file('\ufeff{"a":"é"}'))).toEqual({ a: 'é' });
  });

  it.each([
    ['not UTF-8', Buffer.from('{"a":"é"}', 'latin1'), /file\.json is not UTF-8/],
    ['UTF-16', Buffer.from('\ufeff{}', 'utf16le'), /file\.json is not UTF-8/],
    ['empty', ' \n', /file\.json is empty/],
    ['cut off', '{"a":', /is not JSON: it ends too early/],
    ['not JSON', '{"a":1,\n  "b":2}}', /is not JSON: see line 2, character 9/],
    ['too deep', '['.repeat(65) + ']'.repeat(65), /is nested more than 64 levels deep/],
  ])('that is %s is refused with a message that names the file', (_, content, says) => {
    expect(() => readJsonFile(file(content))).toThrow(says);
  });

  it('that is missing or is a folder is refused with a sentence', () => {
    const path = join(folder, 'nope.json');
    expect(() => readJsonFile(path)).toThrow(`There is no file ${path}.`);
    expect(() => readJsonFile(folder)).toThrow(`${folder} is a folder, not a file.`);
  });
});
