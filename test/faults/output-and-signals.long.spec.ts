import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { read, ROOT } from '../support/markdown';
import { build, BUILT } from '../support/process';

/** Every write to this device fails, as on a full disk. */
const FULL = '/dev/full';
const describeWithFull = existsSync(FULL) ? describe : describe.skip;

let dataDir: string;
let child: ChildProcess | undefined;
beforeAll(() => build(), 120_000);
beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'minutebook-output-'))));
afterEach(async () => {
  if (child !== undefined && child.exitCode === null && child.signalCode === null) {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
  child = undefined;
  rmSync(dataDir, { recursive: true, force: true });
});

/** Starts the program, and gathers what it writes to standard error. */
function begin(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  stdout: 'pipe' | number,
) {
  const stdio: StdioOptions = ['ignore', stdout, 'pipe'];
  const begun = spawn(process.execPath, args, {
    env: { ...process.env, DATA_DIR: dataDir, HOST: '127.0.0.1', ...environment },
    stdio,
  });
  child = begun;
  let said = '';
  begun.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return { begun, said: () => said };
}

const isLive = (port: number) =>
  fetch(`http://127.0.0.1:${port}/health/live`).then(
    ({ status }) => status === 200,
    () => false,
  );
/** The status of a clean stop. */
async function stopped(process: ChildProcess): Promise<number | null> {
  const gone = once(process, 'exit');
  process.kill('SIGTERM');
  await gone;
  return process.exitCode;
}

const OF_CHECKOUT = [join(BUILT, 'main.js')];
const OF_PACKAGE = [join(BUILT, 'cli.js'), 'serve'];

describeWithFull('a service whose log cannot be written', () => {
  it.each([
    ['text', OF_PACKAGE],
    ['json', OF_CHECKOUT],
  ] as const)('goes on serving, and says so elsewhere (%s)', async (format, entry) => {
    const port = await freePort();
    const environment = { PORT: String(port), LOG_FORMAT: format, LOG_LEVEL: 'debug' };
    const { begun, said } = begin(entry, environment, openSync(FULL, 'w'));
    await eventually(() => isLive(port));
    // Each request is a line of the log.
    for (let request = 0; request < 5; request += 1) expect(await isLive(port)).toBe(true);
    expect(said()).toMatch(/The log could not be written to standard output: ENOSPC/);
    expect(said().match(/could not be written/g)).toHaveLength(1);
    expect(await stopped(begun)).toBe(0);
  });

  it.each(['text', 'json'])('goes on if the reader of its log goes away (%s)', async (format) => {
    const port = await freePort();
    const environment = { PORT: String(port), LOG_FORMAT: format, LOG_LEVEL: 'debug' };
    const { begun } = begin(OF_CHECKOUT, environment, 'pipe');
    await eventually(() => isLive(port));
    begun.stdout!.destroy();
    for (let request = 0; request < 5; request += 1) expect(await isLive(port)).toBe(true);
    expect(await stopped(begun)).toBe(0);
  });

  it('is not a command: a command whose output cannot be written fails, with a sentence', async () => {
    const { begun, said } = begin([join(BUILT, 'cli.js'), 'keys', 'list'], {}, openSync(FULL, 'w'));
    await once(begun, 'close');
    expect(begun.exitCode).toBe(1);
    expect(said()).toMatch(/The output could not be written: ENOSPC/);
    expect(said()).not.toMatch(/\n {4}at /);
  });
});

describe('a service that is told to stop while it starts', () => {
  it('stops at once, in a container too, where its process has no default for signals', async () => {
    const port = await freePort();
    // Nobody listens on port 1: the start waits two minutes for PostgreSQL.
    const environment = { PORT: String(port), READ_MODEL_URL: 'postgres://u:p@127.0.0.1:1/d' };
    const { begun } = begin(OF_CHECKOUT, environment, 'pipe');
    let out = '';
    begun.stdout!.on('data', (chunk: Buffer) => (out += chunk.toString()));
    await eventually(() => isLive(port));
    const gone = once(begun, 'close');
    begun.kill('SIGTERM');
    await gone;
    // A status, not a signal: a handler ended it, which process 1 needs.
    expect([begun.exitCode, begun.signalCode]).toEqual([0, null]);
    expect(out).toMatch(/Stopped by SIGTERM before the start was complete/);
  });
});

describe('npm, told to stop the service that it started', () => {
  it('passes the signal on: no service is left behind', async () => {
    const folder = join(dataDir, 'checkout');
    mkdirSync(join(folder, 'scripts'), { recursive: true });
    cpSync(join(ROOT, 'scripts/built.cjs'), join(folder, 'scripts/built.cjs'));
    symlinkSync(BUILT, join(folder, 'dist'));
    const { scripts } = JSON.parse(read('package.json')) as {
      scripts: Readonly<Record<string, string>>;
    };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts }));
    const port = await freePort();
    const npm = spawn('npm', ['start'], {
      cwd: folder,
      env: { ...process.env, DATA_DIR: join(dataDir, 'data'), HOST: '127.0.0.1', PORT: `${port}` },
      stdio: 'ignore',
    });
    child = npm;
    await eventually(() => isLive(port));
    expect(await stopped(npm)).toBe(0);
    expect(await isLive(port)).toBe(false);
  });
});
