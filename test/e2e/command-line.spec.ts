import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { makeProgram } from '../../src/cli/program';
import { build, run, runOf } from '../support/process';

const ROOT = resolve(__dirname, '../..');
const commands = makeProgram().commands.filter((one) => one.name() !== 'help');
const leaves = commands.flatMap((one) =>
  one.commands.length > 0
    ? one.commands
        .filter((sub) => sub.name() !== 'help')
        .map((sub) => `${one.name()} ${sub.name()}`)
    : [one.name()],
);

/** What is given to commands that say which ledger they read, on their first line. */
const SAY_LEDGER: Readonly<Record<string, readonly string[]>> = {
  import: [],
  export: ['--period', '2026-10', '--format', 'csv'],
  bundle: [],
  verify: ['--json'],
  replay: ['--json'],
  rehearse: ['--cards', join(ROOT, 'test/fixtures/card-without-default.json')],
  rebuild: ['--json'],
  reconcile: ['nowhere.csv', '--provider', 'google', '--period', '2026-10'],
  'keys init': [],
  'keys add': ['--role', 'reader', '--name', 'app'],
  'keys list': ['--json'],
  'keys revoke': ['key_1'],
  'erase-user': ['ann', '--reason', 'asked'],
  'signing-keys list': ['--json'],
  'signing-keys rotate': [],
  'accept-restore': ['--json'],
  backup: ['--out', '/nonexistent/copy'],
};

/** Commands that read a file, a ledger of their own or two of them, and the service itself: tests of theirs say what. */
const SAY_MORE = ['serve', 'demo', 'check-bundle', 'migrate-store'];

describe('the command line', () => {
  let folder: string;
  beforeAll(() => build(), 120_000);
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'minutebook-cli-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['verify --user ann', "Unknown option '--user'.", 'verify'],
    ['verify --jsn', "Unknown option '--jsn'. Did you mean --json?", 'verify'],
    ['verfy', "Unknown command 'verfy'. Did you mean verify?", undefined],
    ['signing-keys rotat', "Unknown command 'rotat'. Did you mean rotate?", 'signing-keys'],
    [
      'export --perod 2026-10 --format csv',
      "Required option '--period <month>' not specified. There is no option '--perod'.",
      'export',
    ],
    ['export --format csv', "Required option '--period <month>' not specified.", 'export'],
    ['export --period 2026-10 --format xml', /argument 'xml' is invalid.*hledger/, 'export'],
    ['export --period 2026-13 --format csv', /^--period must be a month/, 'export'],
    ['rehearse --cards a --csv --json', /cannot be used with option '--json'/, 'rehearse'],
    ['rehearse', /^Name the drafts: --cards/, 'rehearse'],
    ['replay --period', /argument missing\./, 'replay'],
    ['verify ann', /^Too many arguments/, 'verify'],
    ['check-bundle', /^Missing required argument 'file'\./, 'check-bundle'],
    ['demo --seed x', '--seed must be a whole number.', 'demo'],
  ])('refuses "%s" with advice, before it reads a ledger', async (line, says, command) => {
    const { status, stdout, stderr, ledger } = await run(line.split(' '), { DATA_DIR: folder });
    expect({ status, stdout, ledger }).toEqual({ status: 2, stdout: '', ledger: undefined });
    const [mistake = '', see, ...rest] = stderr.trimEnd().split('\n');
    if (typeof says === 'string') expect(mistake).toBe(says);
    else expect(mistake).toMatch(says);
    expect(see).toMatch(
      new RegExp(`^See: .* ${command === undefined ? '' : `${command} `}--help$`),
    );
    expect(rest).toEqual([]);
  });

  it('prints its version', async () => {
    const text = readFileSync(join(ROOT, 'package.json'), 'utf8');
    const { version } = JSON.parse(text) as { version: string };
    expect(await run(['--version'], {})).toMatchObject({ status: 0, stdout: `${version}\n` });
  });

  it('lists its commands on request, and as wrong use if none is given', async () => {
    const asked = await run(['--help'], {});
    expect(asked.status).toBe(0);
    for (const command of commands) expect(asked.stdout).toContain(`\n  ${command.name()}`);
    const nothing = await run([], {});
    expect({ status: nothing.status, stdout: nothing.stdout }).toEqual({ status: 2, stdout: '' });
    expect(nothing.stderr).toContain('Commands:');
  });

  it.each(leaves)('shows help for %s, with an example', (name) => {
    let command = makeProgram();
    for (const word of name.split(' '))
      command = command.commands.find((one) => one.name() === word)!;
    let said = '';
    command.configureOutput({ writeOut: (text) => (said += text) }).outputHelp();
    expect(said).toMatch(new RegExp(`\nExamples?:\n  .*${name}`));
    expect(said).toContain('Usage: ');
  });

  it('shows the same help for `help <command>` and `<command> --help`', async () => {
    const [one, other] = [await run(['verify', '--help'], {}), await run(['help', 'verify'], {})];
    expect(one).toMatchObject({ status: 0, stderr: '' });
    expect(other).toEqual(one);
  });

  it("says first which ledger a command reads, without a server's password", async () => {
    const missing = await run(['verify'], { DATA_DIR: folder });
    expect(missing).toMatchObject({ status: 1, ledger: join(folder, 'events.db') });
    expect(missing.stderr).toContain('There is no ledger at');
    const server = { EVENT_STORE_URL: 'esdb://ann:a-secret@127.0.0.1:1?tls=false' };
    const gone = await run(['replay'], { DATA_DIR: folder, ...server });
    expect(gone.status).toBe(1);
    expect(gone.ledger).toBe('EventStoreDB at 127.0.0.1:1');
    expect(gone.stderr).not.toContain('a-secret');
  });

  it('has each command among those that say which ledger they read, or those that do not', () => {
    expect([...Object.keys(SAY_LEDGER), ...SAY_MORE].sort()).toEqual([...leaves].sort());
  });

  it.each(Object.entries(SAY_LEDGER))('says which ledger %s reads', async (command, options) => {
    const { ledger } = await run([...command.split(' '), ...options], { DATA_DIR: folder });
    expect(ledger).toBe(join(folder, 'events.db'));
  });

  it('says once that a port is in use, and leaves nothing behind', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => other.once('listening', listening));
    const { port } = other.address() as AddressInfo;
    const dataDir = join(folder, 'data');
    const { status, stdout, stderr } = await run(['serve'], {
      PORT: String(port),
      DATA_DIR: dataDir,
    });
    other.close();
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toBe(
      `Port ${port} of 127.0.0.1 is in use by another program: stop it, or set PORT to another port (0 = any free one).\n`,
    );
    expect(existsSync(dataDir)).toBe(false);
  });

  it('ends silently when the reader of its output goes away', async () => {
    const lines = ['bash', '-c', '"$@" | head -1; exit ${PIPESTATUS[0]}', 'bash'];
    const help = [process.execPath, join(ROOT, 'node_modules/.cache/minutebook-e2e/cli.js')];
    const { stdout, stderr } = await runOf([...lines, ...help, '--help'], {});
    expect(stdout).toMatch(/^Usage: /);
    expect(stderr).toBe('');
  });
});

describe('npm run cli', () => {
  it('says what to do if the program is not built', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'minutebook-unbuilt-'));
    cpSync(join(ROOT, 'scripts'), join(folder, 'scripts'), { recursive: true });
    const script = join(folder, 'scripts/built.cjs');
    const { status, stderr } = await runOf([process.execPath, script, 'cli', 'verify'], {});
    rmSync(folder, { recursive: true });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'Minutebook is not built yet. Run npm run build first.\n',
    });
  });
});

describe('npm run build', () => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { makeBeside } = require('../../scripts/build.cjs') as {
    makeBeside: (place: string, make: (folder: string) => void) => void;
  };
  let root: string;
  let dist: string;
  const version = () => readFileSync(join(dist, 'cli.js'), 'utf8');
  const make = (text: string) => (folder: string) => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'cli.js'), text);
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'minutebook-build-'));
    dist = join(root, 'dist');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('keeps the old build whole until the new one is, and leaves nothing beside it', () => {
    makeBeside(dist, make('one'));
    writeFileSync(join(dist, 'of-one.js'), '');
    makeBeside(dist, (folder) => {
      make('two')(folder);
      expect(version()).toBe('one');
    });
    expect(version()).toBe('two');
    expect(existsSync(join(dist, 'of-one.js'))).toBe(false);
    expect(readdirSync(root)).toEqual(['dist']);
  });

  it('changes nothing when it fails', () => {
    makeBeside(dist, make('one'));
    const fails = () =>
      makeBeside(dist, (folder) => {
        make('two')(folder);
        throw new Error('no compiler');
      });
    expect(fails).toThrow('no compiler');
    expect([version(), readdirSync(root)]).toEqual(['one', ['dist']]);
  });

  it('continues after a build that was killed', () => {
    // Killed while compiling, and between the two renames.
    make('half')(join(root, 'dist-next'));
    make('one')(join(root, 'dist-last'));
    makeBeside(dist, make('two'));
    expect([version(), readdirSync(root)]).toEqual(['two', ['dist']]);
  });
});

describe('npm run demo', () => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { builtFolder } = require('../../scripts/demo.cjs') as {
    builtFolder: (root: string, build: (folder: string) => void) => string;
  };
  let root: string;
  let builds: number;
  const inRoot = (name: string) => join(root, name);
  const write = (name: string, time: number) => {
    writeFileSync(inRoot(name), name);
    utimesSync(inRoot(name), time, time);
  };
  const built = () =>
    builtFolder(root, (folder) => {
      builds += 1;
      mkdirSync(folder);
      writeFileSync(join(folder, 'cli.js'), 'built');
    });

  beforeEach(() => {
    builds = 0;
    root = mkdtempSync(join(tmpdir(), 'minutebook-sources-'));
    mkdirSync(inRoot('src'));
    write('src/cli.ts', 1_000);
    write('package.json', 1_000);
    utimesSync(inRoot('src'), 1_000, 1_000);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('builds dist once in a fresh clone', () => {
    expect([built(), built()]).toEqual([inRoot('dist'), inRoot('dist')]);
    expect(builds).toBe(1);
  });

  it('runs from a build of its own if dist is older than its sources, and leaves dist alone', () => {
    mkdirSync(inRoot('dist'));
    write('dist/cli.js', 2_000);
    expect(built()).toBe(inRoot('dist'));
    write('src/cli.ts', 3_000);
    const own = built();
    expect(own).toContain('node_modules/.cache');
    expect([built(), builds]).toEqual([own, 1]);
    expect(existsSync(inRoot('dist/cli.js'))).toBe(true);
    // A deleted file changes its folder.
    utimesSync(inRoot('src'), 4_000, 4_000);
    expect(built()).not.toBe(own);
    expect(builds).toBe(2);
  });

  it('needs no sources if there is a build', () => {
    mkdirSync(inRoot('dist'));
    write('dist/cli.js', 10);
    rmSync(inRoot('src'), { recursive: true });
    expect(built()).toBe(inRoot('dist'));
  });

  it('reports that a build failed, and leaves nothing of it', () => {
    const fails = () =>
      builtFolder(root, () => {
        throw new Error('no compiler');
      });
    expect(fails).toThrow('no compiler');
    expect(existsSync(inRoot('dist'))).toBe(false);
  });
});
