import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { buildWithGuide } from '../support/guide';
import { keysOf } from '../support/keys';
import { BUILT, runOf } from '../support/process';
import { completed, HttpService } from '../support/service';

const ROOT = join(__dirname, '../..');
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { buildConsole } = require('../../scripts/build.cjs') as {
  buildConsole: (root: string, folder: string) => void;
};

/**
 * Installs the packed program as `npm install --global` would, with its dependencies and nothing else. They are copied
 * from this checkout, so the test needs no registry and compiles no SQLite.
 */
describe('the packed program, installed', () => {
  let folder: string;
  let installed: string;
  let program: string;
  let child: ChildProcess | undefined;

  beforeAll(() => {
    buildWithGuide();
    folder = mkdtempSync(join(tmpdir(), 'minutebook-package-'));
    const clone = join(folder, 'clone');
    cpSync(BUILT, join(clone, 'dist'), { recursive: true });
    buildConsole(ROOT, join(clone, 'dist'));
    for (const name of ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'src']) {
      cpSync(join(ROOT, name), join(clone, name), { recursive: true });
    }
    const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--json'], {
      cwd: clone,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
    installed = join(folder, 'lib/node_modules/minutebook');
    mkdirSync(installed, { recursive: true });
    const archive = join(clone, filename);
    execFileSync('tar', ['-xzf', archive, '--strip-components=1', '-C', installed]);
    for (const path of productionPackages()) {
      cpSync(path, join(installed, relative(ROOT, path)), { recursive: true });
    }
    program = link(folder, installed);
  }, 240_000);
  afterEach(() => child?.kill('SIGKILL'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (args: readonly string[], environment = {}) => runOf([program, ...args], environment);

  async function serve(dataDir: string): Promise<HttpService> {
    child = spawn(program, ['serve'], {
      cwd: folder,
      env: { ...process.env, DATA_DIR: dataDir, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    for await (const chunk of child.stdout! as AsyncIterable<Buffer>) {
      said += chunk.toString();
      const url = /listens on (\S+)/.exec(said)?.[1];
      if (url !== undefined && /initial-keys/.test(said)) break;
    }
    return new HttpService(/listens on (\S+)/.exec(said)![1]!, keysOf(dataDir));
  }

  it('knows its version, and how to call it', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(await run(['--version'])).toMatchObject({ status: 0, stdout: `${version}\n` });
    const { status, stdout } = await run(['--help']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Usage: minutebook <command>/);
  });

  it('serves, charges, shows its pages, and verifies', async () => {
    const dataDir = join(folder, 'data');
    const service = await serve(dataDir);
    const sent = completed({ session_id: 's', user_id: 'ann' }, { time: '2026-10-05T10:00:00Z' });
    const { status, body } = await service.one(sent);
    expect(status).toBe(201);
    const summary = await service.get(
      `/v1/users/ann/usage-summary?period=2026-10&at_least=${body.position}`,
    );
    expect(summary).toMatchObject({ status: 200, body: { transcriptions: 1 } });
    for (const [path, holds] of [
      ['/console/', '<script type="module"'],
      ['/docs', 'Minutebook'],
      ['/docs/guide/', 'An event-sourced billing ledger'],
      ['/docs/guide/how-to/install-from-a-packed-file.html', 'npm pack'],
    ] as const) {
      const page = await fetch(service.url + path);
      expect([path, page.status]).toEqual([path, 200]);
      expect(await page.text()).toContain(holds);
    }
    const ended = once(child!, 'exit');
    child!.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    const verified = await run(['verify'], { DATA_DIR: dataDir });
    expect(verified).toMatchObject({ status: 0, ledger: join(dataDir, 'events.db') });
    expect(verified.stdout).toContain('Everything follows.');
  });

  it('contains no test, no source and no map', () => {
    const files = execFileSync(
      'find',
      ['.', '-path', './node_modules', '-prune', '-o', '-type', 'f', '-print'],
      {
        cwd: installed,
        encoding: 'utf8',
      },
    );
    expect(files.split('\n').filter((file) => /\.spec\.|\.map$|^\.\/src\//.test(file))).toEqual([]);
    expect(files).toContain('./dist/cli.js\n');
  });
});

interface Locked {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly link?: boolean;
}

/**
 * The folders of all packages in this checkout that the program depends on, directly or not, except those that npm
 * skipped on this Node.
 */
function productionPackages(): string[] {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, Locked>>;
  };
  const found = Object.entries(packages)
    .filter(([path, { dev, devOptional, link: isLink }]) => {
      const isOfUs = !path.startsWith('node_modules/') || isLink === true;
      return !isOfUs && dev !== true && devOptional !== true;
    })
    .map(([path]) => join(ROOT, path))
    .filter((path) => existsSync(path));
  expect(found.length).toBeGreaterThan(100);
  return found;
}

/** Links a package's program as npm does: by a symbolic link to an executable file. */
function link(prefix: string, installed: string): string {
  const { bin } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
    bin: { minutebook: string };
  };
  const file = join(installed, bin.minutebook);
  chmodSync(file, 0o755);
  mkdirSync(join(prefix, 'bin'));
  const program = join(prefix, 'bin/minutebook');
  symlinkSync(file, program);
  return program;
}
