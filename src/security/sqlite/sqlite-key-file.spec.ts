import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { SqliteKeyFile } from './sqlite-key-file';

describe('the key file', () => {
  it('syncs its folder after each commit, which removes the journal', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'minutebook-keys-'));
    const file = SqliteKeyFile.open(join(folder, 'keys.db'));
    const EXTRA = 3;
    // Everything that writes to the file shares this connection.
    expect(await file.tables.all('PRAGMA synchronous')).toEqual([{ synchronous: EXTRA }]);
    expect(await file.tables.all('PRAGMA journal_mode')).toEqual([{ journal_mode: 'delete' }]);
    await file.close();
    rmSync(folder, { recursive: true });
  });
});
