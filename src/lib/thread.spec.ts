import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startThread } from './thread';

describe('a thread', () => {
  it('passes on each line that it prints, even if the line arrives in pieces', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'minutebook-')), 'thread.js');
    writeFileSync(
      file,
      `process.stdout.write('one '); setTimeout(() => { console.log('line'); console.error('another'); }, 20);`,
    );
    const said: string[] = [];
    const thread = startThread({ file, run: () => undefined }, {}, undefined, (line) =>
      said.push(line),
    );
    await thread.ended;
    expect(said.sort()).toEqual(['another', 'one line']);
  });
});
