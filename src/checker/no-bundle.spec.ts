import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { checkFile } from './check-file';
import { inWords } from './words';

const ID = '0890a2ff-9372-48a9-8f01-755fd7b365c9';
const CHARACTERS = '語'.repeat(3_000);

const OTHERS: readonly (readonly [name: string, bytes: string | Buffer, kind: string])[] = [
  ['an export in CSV', 'record,id,session_id\nusage_log,a~1,a\n', ' but a table in CSV'],
  ['a table without a line feed', 'id;user;"minutes"', ' but a table in CSV'],
  [
    'an export in NDJSON',
    '{"record":"usage_log"}\n',
    ' but an export, from which nothing can be proved',
  ],
  ['a problem', '{"type":"about:blank","status":403}', ' but other JSON'],
  ['JSON over several lines', '[\n  1\n]\n', ' but other JSON'],
  ['a page', '<!doctype html>\n<title>Sign in</title>\n', ' but a page in HTML or XML'],
  [
    'a ledger',
    Buffer.from('SQLite format 3\0\x10\0'),
    ' but an SQLite database (the command verify checks a ledger itself)',
  ],
  ['an archive', Buffer.from('PK\x03\x04\x14\0'), ' but a ZIP archive (unpack it first)'],
  ['a PDF', '%PDF-1.7\n', ' but a PDF'],
  ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), ' but binary data'],
  ['text in UTF-16', Buffer.from('\uFEFFid,user\n', 'utf16le'), ' but binary data'],
  ['a signed root', `minutebook/${ID}\n15\nabc=\n`, ' but a signed root or a key'],
  ['a key', `minutebook/${ID}+5210c8c2+AWd\n`, ' but a signed root or a key'],
  ['a letter', 'Dear auditor, here it is.\n', ' but some other text'],
  ['text that is cut off in a character', CHARACTERS, ' but some other text'],
  ['an empty line', '\n', ' but some other text'],
  ['nothing', '', ': the file is empty'],
  ['a bundle without its header', '{"line":"event"}\n', ': it does not begin with a header'],
];

describe('a file that is not a bundle', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'minutebook-no-bundle-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(OTHERS)(
    'is answered with what it is and what to give instead, and nothing else: %s',
    async (_, bytes, kind) => {
      const file = join(folder, 'file');
      for (const written of [Buffer.from(bytes), gzipSync(bytes)]) {
        writeFileSync(file, written);
        const report = await checkFile(file, undefined);
        expect(report).toMatchObject({ holds: false, problem_count: 1 });
        expect(inWords(report)).toBe(
          `This is not a bundle${kind}. Give the file that the command bundle or GET /v1/audit/bundle wrote, such as bundle-2026-10.ndjson.`,
        );
      }
    },
  );
});
