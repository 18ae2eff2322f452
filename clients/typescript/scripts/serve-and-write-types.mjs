/** Builds and briefly runs the service, and writes the client's types from its OpenAPI document. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const client = join(dirname(fileURLToPath(import.meta.url)), '..');
const root = join(client, '../..');
const work = mkdtempSync(join(tmpdir(), 'minutebook-types-'));
const built = join(root, 'node_modules/.cache/minutebook-types');
const run = (script, ...args) =>
  execFileSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });

run(
  createRequire(import.meta.url).resolve('typescript/bin/tsc'),
  '-p',
  'tsconfig.build.json',
  '--outDir',
  built,
);
const service = spawn(process.execPath, [join(built, 'main.js')], {
  env: { ...process.env, DATA_DIR: work, PORT: '0', HOST: '127.0.0.1' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const url = await new Promise((resolve, reject) => {
    let said = '';
    service.stdout.on('data', (chunk) => {
      said += chunk;
      const found = /listens on (\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    service.once('exit', () => reject(new Error(`The service did not start: ${said}`)));
  });
  run(join(client, 'scripts/types.mjs'), `${url}/openapi.json`, join(client, 'src/reader/api.ts'));
} finally {
  service.kill('SIGKILL');
  await once(service, 'exit');
  rmSync(work, { recursive: true, force: true });
}
