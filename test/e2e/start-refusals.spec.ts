import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { build, run, ServingProcess } from '../support/process';

describe('a start that is refused', () => {
  let folder: string;
  beforeAll(() => build(), 120_000);
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'minutebook-refused-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('holds a ledger by whatever name: its file, its folder, or a link to either', async () => {
    const [first, second, third] = ['a', 'b', 'c'].map((name) => join(folder, name));
    mkdirSync(second!);
    symlinkSync(join(first!, 'events.db'), join(second!, 'events.db'));
    symlinkSync(first!, third!);
    const service = await ServingProcess.start(first!);
    for (const DATA_DIR of [second!, third!]) {
      const { status, stderr } = await run(['serve'], { DATA_DIR, PORT: '0' });
      expect(status).toBe(1);
      expect(stderr).toMatch(/is in use by process \d+/);
    }
    const copied = await run(['migrate-store', '--to', join(second!, 'events.db')], {
      DATA_DIR: first!,
    });
    expect(copied.stderr).toContain('--from and --to name the same ledger');
    await service.stop();
  }, 60_000);

  it('names DATA_DIR where its folder can not be made', async () => {
    const DATA_DIR = join(folder, 'x'.repeat(300));
    const { status, stderr } = await run(['serve'], { DATA_DIR, PORT: '0' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/x could not be made .*DATA_DIR/);
  });
});
