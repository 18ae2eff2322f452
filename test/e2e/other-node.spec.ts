import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../support/markdown';
import { build, BUILT, runOf } from '../support/process';

/** What `node scripts/other-node.mjs 22` prepared, by version. The test downloads nothing. */
const PREPARED = join(ROOT, 'node_modules/.cache/other-node');
const ready = existsSync(PREPARED)
  ? readdirSync(PREPARED).filter((version) => existsSync(join(PREPARED, version, 'ready')))
  : [];

describe('the service on a Node other than the one that runs the tests', () => {
  beforeAll(() => build(), 120_000);

  if (ready.length === 0) {
    it.skip('serves, stops, starts and verifies (none is prepared: node scripts/other-node.mjs 22)', () =>
      undefined);
    return;
  }

  it.each(ready)(
    'serves, stops, starts and verifies on Node %s',
    async (version) => {
      const folder = join(PREPARED, version);
      const dist = join(folder, 'app/dist');
      rmSync(dist, { recursive: true, force: true });
      // A copy: through a link it would find the modules of this Node.
      cpSync(BUILT, dist, { recursive: true });
      const node = join(folder, 'node/node_modules/node/bin/node');
      const script = join(ROOT, 'scripts/smoke-on-node.mjs');
      const { status, stdout, stderr } = await runOf([node, script, join(folder, 'app')], {});
      if (status !== 0) throw new Error(`${stdout}\n${stderr}`);
      expect(stdout).toMatch(new RegExp(`^Node v${version}\\b`));
      expect(stdout).toContain('verify and replay found nothing wrong');
    },
    600_000,
  );
});
