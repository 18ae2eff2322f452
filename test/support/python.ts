import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { runOf } from './process';

export const PYTHON_CLIENT = join(__dirname, '../../clients/python');

const OLD_ENOUGH = 'import sys; sys.exit(sys.version_info < (3, 9))';
/** Whether there is a Python that the client runs on. */
export const hasPython = spawnSync('python3', ['-c', OLD_ENOUGH]).status === 0;

/** Without Python, these tests are skipped by name. */
export const describeWithPython = hasPython ? describe : describe.skip;
export const itWithPython = hasPython ? it : it.skip;

/** Runs a program that may import the Python client, and parses what it prints as JSON. */
export async function askPython(program: string): Promise<unknown> {
  const ran = await runOf(['python3', '-W', 'error', '-c', program], {
    PYTHONPATH: join(PYTHON_CLIENT, 'src'),
    PYTHONDONTWRITEBYTECODE: '1',
  });
  if (ran.status !== 0) throw new Error(ran.stderr);
  return JSON.parse(ran.stdout);
}
