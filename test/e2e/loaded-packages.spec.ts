import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { build, run, ServingProcess } from '../support/process';

/** Packages that only some configurations or calls need. Each start, command and thread would take longer with them. */
const CLIENTS_OF_SERVERS = ['pg', '@eventstore/db-client', '@grpc/grpc-js'];
const SERVING = ['@nestjs/core', '@nestjs/common', '@nestjs/swagger', 'fastify'];
const RULES_OF_BODIES = ['class-validator', 'class-transformer'];
const DATABASE = ['kysely', 'better-sqlite3'];

const PRELOAD = join(__dirname, '../support/loaded-packages.cjs');

describe('a program on a ledger in files', () => {
  let folder: string;
  let environment: { DATA_DIR: string; NODE_OPTIONS: string; LOADED_FILE: string };
  beforeAll(() => build(), 120_000);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'minutebook-loaded-'));
    environment = {
      DATA_DIR: folder,
      NODE_OPTIONS: `--require ${PRELOAD}`,
      LOADED_FILE: join(folder, 'loaded.txt'),
    };
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** What was loaded since the last call, by the program of the thread. */
  const takeLoaded = (): Record<string, readonly string[]> => {
    const names: Record<string, string[]> = {};
    for (const line of readFileSync(environment.LOADED_FILE, 'utf8').trimEnd().split('\n')) {
      const [program = '', name = ''] = line.split(' ');
      (names[program] ??= []).push(name);
    }
    rmSync(environment.LOADED_FILE);
    return names;
  };
  const among = (names: readonly string[], unwanted: readonly string[]) =>
    unwanted.filter((name) => names.includes(name));

  it.each(['--version', '--help', 'help export', 'rebuild --help'])(
    'loads only what reads a command line for "%s"',
    async (line) => {
      expect((await run(line.split(' '), environment)).status).toBe(0);
      expect(takeLoaded()).toEqual({ cli: ['commander', 'decimal.js'] });
    },
  );

  it("loads no server's client, and HTTP and its rules only where it serves", async () => {
    const service = await ServingProcess.start(folder, environment);
    expect((await service.fetch('/v1/reports/usage?period=2026-10')).status).toBe(200);
    await service.stop();
    const { main, ...threads } = takeLoaded();
    expect(main).toEqual(expect.arrayContaining([...SERVING, ...RULES_OF_BODIES, ...DATABASE]));
    expect(among(main!, CLIENTS_OF_SERVERS)).toEqual([]);
    expect(Object.keys(threads).sort()).toEqual(['projection-thread', 'worker-thread']);
    const unwanted = [...CLIENTS_OF_SERVERS, ...SERVING, ...RULES_OF_BODIES];
    for (const names of Object.values(threads)) {
      expect(names).toEqual(expect.arrayContaining(DATABASE));
      expect(among(names, unwanted)).toEqual([]);
    }

    // Replays and keys may have options, whose rules are those of a body.
    for (const [line, rules] of [
      ['verify', RULES_OF_BODIES],
      ['rebuild --threads 2', RULES_OF_BODIES],
      ['replay', []],
      ['keys list', []],
    ] as const) {
      expect([line, (await run(line.split(' '), environment)).status]).toEqual([line, 0]);
      const loaded = takeLoaded();
      expect(loaded['cli']).toContain('better-sqlite3');
      if (line.startsWith('rebuild')) expect(loaded).toHaveProperty('fold-thread');
      for (const [program, names] of Object.entries(loaded)) {
        const found = among(names, [...CLIENTS_OF_SERVERS, ...SERVING, ...rules]);
        expect([line, program, found]).toEqual([line, program, []]);
      }
    }
  }, 60_000);
});
