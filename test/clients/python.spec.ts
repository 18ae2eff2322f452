import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { build, command, runOf } from '../support/process';

const CLIENT = join(__dirname, '../../clients/python');
const modules = readdirSync(join(CLIENT, 'tests'))
  .map((file) => /^(test_\w+)\.py$/.exec(file)?.[1])
  .filter((name) => name !== undefined);

const OLD_ENOUGH = 'import sys; sys.exit(sys.version_info < (3, 9))';
const hasPython = spawnSync('python3', ['-c', OLD_ENOUGH]).status === 0;

/** The service's program, which the client's tests start and kill. */
const main = () => join(dirname(command([])[1]!), 'main.js');

/** The client's own tests, each file in a process; without a Python they are skipped by name. */
(hasPython ? describe : describe.skip)('the Python client', () => {
  beforeAll(() => build(), 120_000);

  it.each(modules)(
    'passes %s',
    async (module) => {
      const paths = ['src', 'tests'].map((folder) => join(CLIENT, folder)).join(':');
      const ran = await runOf(['python3', '-W', 'error', '-m', 'unittest', '-v', module], {
        PYTHONPATH: paths,
        PYTHONDONTWRITEBYTECODE: '1',
        MINUTEBOOK_MAIN: main(),
        MINUTEBOOK_NODE: process.execPath,
      });
      if (ran.status !== 0) throw new Error(ran.stderr);
      expect(ran.stderr).toMatch(/^Ran [1-9]\d* tests? in /m);
      expect(ran.stderr).not.toContain('needs the service');
    },
    // Those that kill may be told to go on for long.
    60_000 + 20_000 * Number(process.env['MINUTEBOOK_KILLS'] ?? 6),
  );
});
