import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { build, command, runOf } from '../support/process';
import { describeWithPython, PYTHON_CLIENT } from '../support/python';

const modules = readdirSync(join(PYTHON_CLIENT, 'tests'))
  .map((file) => /^(test_\w+)\.py$/.exec(file)?.[1])
  .filter((name) => name !== undefined);

/** Modules run at once. They spend most of their time waiting for kills, pauses and processes. */
const AT_A_TIME = 2;

/** Covers the tests that kill: MINUTEBOOK_KILLS can make them run for long. */
const TIMEOUT_MS = 180_000 + 20_000 * Number(process.env['MINUTEBOOK_KILLS'] ?? 6);

/** Runs one test module in a process; the tests start and kill the built service. */
const run = (module: string) =>
  runOf(['python3', '-W', 'error', '-m', 'unittest', '-v', module], {
    PYTHONPATH: ['src', 'tests'].map((folder) => join(PYTHON_CLIENT, folder)).join(':'),
    PYTHONDONTWRITEBYTECODE: '1',
    MINUTEBOOK_MAIN: join(dirname(command([])[1]!), 'main.js'),
    MINUTEBOOK_NODE: process.execPath,
  });

/** The client's own tests. */
describeWithPython('the Python client', () => {
  const runs = new Map<string, ReturnType<typeof run>>();
  beforeAll(() => {
    build();
    const lanes: Promise<unknown>[] = Array.from({ length: AT_A_TIME }, () => Promise.resolve());
    modules.forEach((module, index) => {
      const ran = lanes[index % AT_A_TIME]!.then(() => run(module));
      lanes[index % AT_A_TIME] = ran;
      runs.set(module, ran);
    });
  }, 120_000);

  it.each(modules)(
    'passes %s',
    async (module) => {
      const ran = await runs.get(module)!;
      if (ran.status !== 0) throw new Error(ran.stderr);
      expect(ran.stderr).toMatch(/^Ran [1-9]\d* tests? in /m);
      expect(ran.stderr).not.toContain('needs the service');
    },
    TIMEOUT_MS,
  );
});
