/** The programs that are measured: the service as `npm start` runs it, and peers that listen. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
/** Node flags for the service's process, such as --cpu-prof. */
const NODE_FLAGS = process.env.BENCH_NODE_FLAGS?.split(' ') ?? [];

/** Switches the rate limits off: they are not what is measured. */
const UNLIMITED = {
  RATE_LIMIT_PRODUCER: '0',
  RATE_LIMIT_READER: '0',
  RATE_LIMIT_FINANCE: '0',
  RATE_LIMIT_COSTLY: '0',
};

async function listening(file, args, env) {
  const child = spawn(process.execPath, [...NODE_FLAGS, file, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise((resolve, reject) => {
    child.stdout.on('data', (text) => {
      const found = /listens on (\S+)/.exec(String(text));
      if (found) resolve(found[1]);
    });
    child.once('exit', () => reject(new Error(`${file} did not start.`)));
  });
  const stop = async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
  };
  return { url, pid: child.pid, stop };
}

/**
 * Starts a service with the keys of a first start. Without a DATA_DIR in `env`, it gets an empty folder, which `stop`
 * removes.
 * @returns its `url`, `keys` by role, `pid`, `dataDir` and `stop`.
 */
export async function startService(env = {}) {
  const dataDir = env.DATA_DIR ?? mkdtempSync(join(tmpdir(), 'minutebook-bench-'));
  const began = performance.now();
  const program = await listening(join(root, 'dist/main.js'), [], {
    ...UNLIMITED,
    HOST: '127.0.0.1',
    PORT: '0',
    ...env,
    DATA_DIR: dataDir,
  });
  const startMs = performance.now() - began;
  const stop = async () => {
    await program.stop();
    if (env.DATA_DIR === undefined) rmSync(dataDir, { recursive: true, force: true });
  };
  // Made at the first start, one per role.
  const keys = JSON.parse(readFileSync(join(dataDir, 'initial-keys.json'), 'utf8'));
  return { ...program, keys, dataDir, startMs, stop };
}

/** Starts a peer that listens: a file of `bench/peers`. */
export function startPeer(name) {
  return listening(fileURLToPath(new URL(`../peers/${name}.mjs`, import.meta.url)), [], {});
}

/** The resident memory of a process, in MB. Only on Linux. */
export const residentMb = (pid) =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1_024;
