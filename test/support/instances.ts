import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client } from 'pg';

import { newPrefix, SERVER } from './event-store-server';
import { eventually } from './eventually';
import { fetchFrom, keysOf } from './keys';
import { newDatabase, type OwnPostgres, type TestDatabase } from './postgres';
import { run, ServingProcess } from './process';

/** The state that an instance reports. */
export interface Readiness {
  readonly status: 'ok' | 'unavailable';
  readonly read_model: { readonly position: string; readonly trouble: string | null };
  readonly instance: { readonly advances: boolean; readonly trouble: string | null };
}

const NOTHING = () => Promise.resolve();

/** Serving processes of one ledger, on a real EventStoreDB and in a new database of a real PostgreSQL. */
export class Instances {
  readonly running: ServingProcess[] = [];
  private readonly folders: string[] = [];
  private stopped = false;

  private constructor(
    readonly database: TestDatabase,
    private readonly environment: Readonly<Record<string, string>>,
    private readonly client: Client,
  ) {}

  /**
   * @param own a PostgreSQL for this test alone, which it may restart.
   * @param more environment variables for every instance.
   */
  static async start(
    count: number,
    own?: OwnPostgres,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Instances> {
    const database = own === undefined ? await newDatabase() : { url: own.url, drop: NOTHING };
    const environment = {
      EVENT_STORE_URL: SERVER!,
      STREAM_PREFIX: newPrefix(),
      READ_MODEL_URL: database.url,
      ...more,
    };
    const client = new Client({ connectionString: database.url });
    client.on('error', () => undefined);
    await client.connect();
    const instances = new Instances(database, environment, client);
    await Promise.all(Array.from({ length: count }, () => instances.add()));
    return instances;
  }

  /** Like the global `fetch`, to one instance, with the key that the path needs. */
  fetch(url: string, path: string, init: RequestInit = {}): Promise<Response> {
    // One of the instances that started together made the keys.
    const made = this.folders.find((folder) => existsSync(join(folder, 'initial-keys.json')))!;
    return fetchFrom(url, keysOf(made), path, init);
  }

  async add(): Promise<ServingProcess> {
    const process = await ServingProcess.start(this.folder(), this.environment);
    this.running.push(process);
    return process;
  }

  get urls(): readonly string[] {
    return this.running.map((one) => one.url);
  }

  /** The instance that advances the projection, once there is one. */
  async holder(): Promise<ServingProcess> {
    let found: ServingProcess | undefined;
    await eventually(async () => {
      for (const one of this.running) {
        const ready = await readiness(one.url).catch(() => undefined);
        if (ready?.instance.advances === true) found = one;
      }
      return found !== undefined;
    });
    return found!;
  }

  /** Ends an instance at once, with SIGKILL. */
  async kill(one: ServingProcess): Promise<void> {
    this.running.splice(this.running.indexOf(one), 1);
    await one.kill();
  }

  /** Queries the database behind the instances' backs. */
  async query<R extends object>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    return (await this.client.query<R>(text, values as unknown[])).rows;
  }

  /** Runs a command of the program on the same ledger. */
  cli(...args: readonly string[]): ReturnType<typeof run> {
    return run(args, { DATA_DIR: this.folder(), ...this.environment });
  }

  /** Reads from one instance, once its read model has reached a position. */
  async read<T>(url: string, path: string, position = '0'): Promise<T> {
    let answer: Response | undefined;
    await eventually(async () => {
      const separator = path.includes('?') ? '&' : '?';
      answer = await this.fetch(url, `${path}${separator}at_least=${position}`);
      return answer.status !== 503;
    });
    return (await answer!.json()) as T;
  }

  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    await Promise.all(this.running.splice(0).map((one) => one.kill()));
    await this.client.end().catch(NOTHING);
    await this.database.drop();
    for (const folder of this.folders) rmSync(folder, { recursive: true, force: true });
  }

  private folder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'minutebook-instance-'));
    this.folders.push(folder);
    return folder;
  }
}

export async function readiness(url: string): Promise<Readiness> {
  return (await (await fetch(`${url}/health/ready`)).json()) as Readiness;
}
