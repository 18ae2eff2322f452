import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { durationSeconds } from '../../clients/typescript/src/index.js';
import { Decimal } from '../../src/domain/money';
import { buildClient } from '../support/client-build';
import { pause } from '../support/eventually';
import { freePort } from '../support/free-port';
import { bearer, initialKeys } from '../support/initial-keys';
import { build, ServingProcess } from '../support/process';

/** How many processes are killed; set more for a longer search. */
const KILLS = Number(process.env['CLIENT_KILLS'] ?? 24);
const WORKERS = 3;
const WORKER = join(__dirname, '../support/client-worker.cjs');

interface Note {
  readonly told?: string;
  readonly time?: string;
  readonly done?: number;
  readonly refused?: string;
}

/** Workers on one spool, and the ledger that they send to. Each is a process that may be killed at any moment. */
class Site {
  readonly folder = mkdtempSync(join(tmpdir(), 'minutebook-kills-'));
  readonly stop = join(this.folder, 'stop');
  readonly kills = { ledger: 0, worker: 0 };
  private readonly dataDir = join(this.folder, 'data');
  private readonly workers: (ChildProcess | undefined)[] = [];
  private ledger: ServingProcess | undefined;
  private coming: Promise<void> = Promise.resolve();
  private url = '';
  private port = 0;
  private client = '';
  private ended = false;

  async begin(): Promise<void> {
    build();
    mkdirSync(join(this.folder, 'work'));
    this.client = buildClient();
    this.port = await freePort();
    this.url = `http://127.0.0.1:${this.port}`;
    await this.serve();
    for (let index = 0; index < WORKERS; index += 1) this.work(index);
  }

  /** Kills the ledger or a worker. Another one starts in its place, a ledger after a pause. */
  async killOne(): Promise<void> {
    if (Math.random() < 0.4 && this.ledger !== undefined) {
      const { ledger } = this;
      this.ledger = undefined;
      this.kills.ledger += 1;
      await ledger.kill();
      this.coming = pause(Math.random() * 600).then(() => this.serve());
    } else {
      const index = Math.floor(Math.random() * WORKERS);
      this.kills.worker += 1;
      await this.killWorker(index);
      this.work(index);
    }
  }

  /** Stops the kills and lets the workers finish; returns their exit statuses. */
  async finish(): Promise<(number | null)[]> {
    await this.coming;
    writeFileSync(this.stop, '');
    return Promise.all(
      this.workers.map(async (worker) => {
        if (worker!.exitCode === null && worker!.signalCode === null) await once(worker!, 'exit');
        return worker!.exitCode;
      }),
    );
  }

  notes(): Note[] {
    const work = join(this.folder, 'work');
    return readdirSync(work).flatMap((name) =>
      readFileSync(join(work, name), 'utf8')
        .split('\n')
        // A kill may cut off the last line of a run; the next run's first line is then appended to it.
        .flatMap((line) =>
          /^\{"(told|done|refused)".*\}$/.test(line) ? [JSON.parse(line) as Note] : [],
        ),
    );
  }

  /** Files with unsent facts, and with refused ones. */
  leftovers(): string[] {
    const paths = readdirSync(join(this.folder, 'spool'), { recursive: true }) as string[];
    return paths.filter((path) => /\.(facts|ndjson|damaged)$/.test(path));
  }

  async get<T>(path: string): Promise<T> {
    const headers = bearer(initialKeys(this.dataDir).finance);
    for (;;) {
      const response = await fetch(this.url + path, { headers });
      if (response.status !== 503) return (await response.json()) as T;
      await pause(200);
    }
  }

  async end(): Promise<void> {
    this.ended = true;
    await this.coming.catch(() => undefined);
    for (let index = 0; index < WORKERS; index += 1) await this.killWorker(index);
    await this.ledger?.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async serve(): Promise<void> {
    if (this.ended) return;
    this.ledger = await ServingProcess.start(this.dataDir, { PORT: String(this.port) });
  }

  private work(index: number): void {
    if (this.ended) return;
    const options = {
      client: this.client,
      url: this.url,
      key: initialKeys(this.dataDir).producer,
      spool: join(this.folder, 'spool'),
      work: join(this.folder, 'work'),
      name: `worker${index}`,
      stop: this.stop,
    };
    this.workers[index] = spawn(process.execPath, [WORKER, JSON.stringify(options)], {
      stdio: 'inherit',
    });
  }

  private async killWorker(index: number): Promise<void> {
    const worker = this.workers[index];
    if (worker === undefined || worker.exitCode !== null || worker.signalCode !== null) return;
    worker.kill('SIGKILL');
    await once(worker, 'exit');
  }
}

describe('workers and a ledger that are killed with SIGKILL in any order', () => {
  const site = new Site();
  beforeAll(() => site.begin(), 600_000);
  afterAll(() => site.end(), 60_000);

  it(
    'lose no fact and double none: the ledger has each reported fact once, with its first time',
    async () => {
      for (let kill = 0; kill < KILLS; kill += 1) {
        await pause(50 + Math.random() * 500);
        await site.killOne();
      }
      expect(await site.finish()).toEqual(Array.from({ length: WORKERS }, () => 0));
      expect(site.leftovers()).toEqual([]);

      const notes = site.notes();
      expect(notes.filter((note) => note.refused !== undefined)).toEqual([]);
      const told = new Map<string, string>();
      for (const { told: id, time } of notes) {
        if (id === undefined) continue;
        expect([id, told.get(id) ?? time]).toEqual([id, time]);
        told.set(id, time!);
      }
      expect(told.size).toBeGreaterThan(100);

      const recorded = new Map<string, string>();
      for (let cursor = ''; ;) {
        const page = await site.get<Page>(`/v1/audit/events?limit=500${cursor}`);
        for (const { stream, event } of page.items) {
          if (!stream.startsWith('session-')) continue;
          expect(recorded.has(event.id)).toBe(false);
          recorded.set(event.id, event.time);
        }
        if (page.next_cursor === null) break;
        cursor = `&cursor=${encodeURIComponent(page.next_cursor)}`;
      }
      expect([...recorded].sort()).toEqual([...told].sort());

      const lengths = [...told.keys()]
        .filter((id) => id.endsWith('/completed'))
        .map((id) => Number(/-(\d+)\//.exec(id)![1]) % 600)
        .map((seconds) => durationSeconds({ frames: 44_100 * seconds + 1, rate: 44_100 }));
      const head = (await site.get<{ head: string }>('/health/ready')).head;
      const summary = await site.get<object>(`/v1/users/killed/usage-summary?at_least=${head}`);
      const total = lengths.reduce((sum, length) => sum.plus(length), new Decimal(0));
      expect(summary).toMatchObject({
        transcriptions: lengths.length,
        total_seconds: total.toFixed(),
      });
      expect(site.kills.ledger).toBeGreaterThan(0);
      expect(site.kills.worker).toBeGreaterThan(0);
    },
    60_000 + KILLS * 5_000,
  );
});

interface Page {
  readonly items: readonly {
    readonly stream: string;
    readonly event: { readonly id: string; readonly time: string };
  }[];
  readonly next_cursor: string | null;
}
