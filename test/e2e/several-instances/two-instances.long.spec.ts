import { Client } from 'pg';

import { compareReadModels } from '../../../src/read-model/compare';
import { MemoryEventStore } from '../../../src/event-store/memory/memory-event-store';
import { MAX_PAGE, START, type EventStore } from '../../../src/event-store/port';
import { openLedger } from '../../../src/ledger/open-ledger';
import { Recorder } from '../../../src/ledger/recorder';
import { readConfig } from '../../../src/config/config';
import { readCloudEvent } from '../../../src/domain/events/cloud-event';
import type { Json } from '../../../src/domain/events/facts';
import { openPostgresVault } from '../../../src/app/postgres-vault';
import { PostgresAppendGate } from '../../../src/cluster/postgres-append-gate';
import { PostgresLease } from '../../../src/cluster/postgres-lease';
import { Presence } from '../../../src/cluster/presence';
import { ALWAYS_HELD, type Lease } from '../../../src/projections/lease';
import { Projector } from '../../../src/projections/projector';
import { eventually, pause } from '../../support/eventually';
import { NOW, projectedModel } from '../../support/ledger-in-memory';
import { openPostgresLive, type LiveReadModel } from '../../support/live-read-models';
import { describeWithPostgres, newDatabase, type TestDatabase } from '../../support/postgres';
import { completed } from '../../support/service';
import { TcpProxy } from '../../support/tcp-proxy';
import { personalKeysInMemory } from '../../support/personal-keys';

const HOUR_MS = 3_600_000;
const WAIT_MS = 15_000;

/** A store whose calls take a moment, as over a network. */
class SlowStore extends MemoryEventStore {
  override async append(...all: Parameters<EventStore['append']>) {
    await pause(Math.random() * 4);
    return super.append(...all);
  }
}

/** The parts of an instance that deal with other instances. */
class Instance {
  readonly presence: Presence;
  readonly lease: Lease;
  readonly gate: PostgresAppendGate;
  readonly recorder: Recorder;
  private constructor(
    readonly projector: Projector,
    private readonly model: LiveReadModel,
    parts: { presence: Presence; lease: Lease; gate: PostgresAppendGate; recorder: Recorder },
  ) {
    this.presence = parts.presence;
    this.lease = parts.lease;
    this.gate = parts.gate;
    this.recorder = parts.recorder;
  }

  /** @param aheadMs how far its clock is ahead. */
  static async start(
    store: EventStore,
    url: string,
    { aheadMs = 0, alwaysHeld = false } = {},
  ): Promise<Instance> {
    const model = await openPostgresLive(url);
    const presence = new Presence(url, () => undefined);
    const lease = alwaysHeld ? ALWAYS_HELD : new PostgresLease(presence);
    const gate = new PostgresAppendGate(presence);
    const recorder = new Recorder(
      store,
      () => Date.now() + aheadMs,
      personalKeysInMemory(),
      0,
      gate,
    );
    const projector = new Projector(store, model.rows, () => undefined, { lease });
    projector.start();
    return new Instance(projector, model, { presence, lease, gate, recorder });
  }

  get queries() {
    return this.model.queries;
  }

  send(count: number) {
    return this.recorder.record(Array.from({ length: count }, () => factOf(completed())));
  }

  async stop(): Promise<void> {
    await this.recorder.close();
    await this.projector.close();
    await this.presence.close();
    await this.model.close();
  }
}

function factOf(event: unknown) {
  const reading = readCloudEvent(event as Json, NOW);
  if ('fact' in reading) return reading.fact;
  throw new Error(JSON.stringify(reading.refusal));
}

// One test measures how soon an instance tells the other: on a busy machine, one try may be late.
jest.retryTimes(2, { logErrorsBeforeRetry: true });

describeWithPostgres('two instances on one ledger', () => {
  let database: TestDatabase;
  let store: SlowStore;
  let proxy: TcpProxy;
  const running: Instance[] = [];

  beforeEach(async () => {
    database = await newDatabase();
    proxy = await TcpProxy.start(database.url);
    store = new SlowStore();
    const { opening } = readConfig({}, NOW);
    await openLedger(store, opening, 'UTC', NOW);
    const vault = await openPostgresVault(database.url, { keys: '/none', roots: '/none' }, () =>
      Promise.resolve(undefined),
    );
    await vault.close();
  });
  afterEach(async () => {
    for (const instance of running.splice(0)) await instance.stop();
    await proxy.down();
    await store.close();
    await database.drop();
  });

  const start = async (url = database.url, options: object = {}) => {
    const instance = await Instance.start(store, url, options);
    running.push(instance);
    return instance;
  };
  const holder = async (among: readonly Instance[] = running) => {
    await eventually(() => among.some((one) => one.lease.held));
    return among.find((one) => one.lease.held)!;
  };
  /** Expects in PostgreSQL the rows that the events give. */
  const expectExact = async () => {
    const last = await store.head();
    for (const one of running) expect(await one.projector.waiter.waitFor(last, WAIT_MS)).toBe(true);
    const { queries } = await projectedModel(store, 1_000);
    const sides = { live: running[0]!.queries, replayed: queries };
    const found = [];
    const compared = compareReadModels(
      () => Promise.resolve(sides),
      {},
      () => undefined,
    );
    for await (const difference of compared) found.push(difference);
    expect(found).toEqual([]);
  };

  it('share one projection: one advances it, and both know at once how far it is', async () => {
    await start();
    await start();
    const one = await holder();
    const other = running.find((instance) => instance !== one)!;
    expect(other.lease.held).toBe(false);
    await eventually(() => other.presence.trusted);
    const waits: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      await other.send(20);
      const began = performance.now();
      const head = await store.head();
      expect(await other.projector.waiter.waitFor(head, WAIT_MS)).toBe(true);
      waits.push(performance.now() - began);
    }
    // It was notified: polling happens only twice a second.
    expect(waits.sort((a, b) => a - b)[5]).toBeLessThan(250);
    await expectExact();
  });

  it('continue when the projecting one is gone, and when its connection is cut', async () => {
    await start(proxy.url);
    const first = await holder();
    await start();
    await start();
    await first.send(50);
    proxy.cut();
    // The one that was cut off reconnects, and may get the lease again.
    await holder();
    await running[1]!.send(50);
    await expectExact();
    const now = await holder();
    running.splice(running.indexOf(now), 1);
    await now.stop();
    await running[0]!.send(50);
    await holder();
    await expectExact();
  });

  it('apply nothing twice, even if both believe they hold the lease', async () => {
    await start(database.url, { alwaysHeld: true });
    await start(database.url, { alwaysHeld: true });
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(running.map((one) => one.send(30)));
    }
    await expectExact();
  });

  it('continue when the connection of one hangs, which is given up', async () => {
    const hanging = await start(proxy.url);
    await holder();
    const other = await start();
    await eventually(() => other.presence.trusted);
    await Promise.all(running.map((one) => one.send(10)));
    proxy.set('hold');
    const began = performance.now();
    // It may be appending: none has exclusive access until its connection is gone.
    const isAlone = () => other.gate.exclusively(() => Promise.resolve(!lockIsHeld()));
    const lockIsHeld = () => hanging.presence.session !== undefined;
    await eventually(() => isAlone().catch(() => false));
    await other.send(10);
    await eventually(() => other.lease.held);
    expect(performance.now() - began).toBeLessThan(16_000);
    proxy.set('pass');
    proxy.cut();
    await hanging.send(10);
    await expectExact();
  }, 60_000);

  it('let nothing be recorded while one has exclusive access, however long its turn takes', async () => {
    await start();
    await start();
    let stopped = false;
    const sending = running.map(async (instance) => {
      while (!stopped) await instance.send(5);
    });
    const turns = running.map(async (instance) => {
      for (let turn = 0; turn < 10; turn += 1) {
        await instance.recorder.exclusively(async () => {
          const before = await store.head();
          await pause(15);
          expect(await store.head()).toBe(before);
        });
      }
    });
    await Promise.all(turns);
    const before = await store.head();
    await eventually(async () => (await store.head()) > before);
    stopped = true;
    await Promise.all(sending);
  }, 60_000);

  it('never change what was answered as of a time, even if their clocks are an hour apart', async () => {
    const ahead = await start(database.url, { aheadMs: HOUR_MS });
    const behind = await start();
    await Promise.all([ahead.send(3), behind.send(3)]);
    const times: { time: number; head: number }[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      const asked = turn % 2 === 0 ? ahead : behind;
      const time = Date.now() + HOUR_MS + turn;
      await asked.recorder.stampAfter(time);
      times.push({ time, head: await store.head() });
      await Promise.all([ahead.send(2), behind.send(2)]);
    }
    const events = await store.readAll(START, MAX_PAGE);
    for (const { time, head } of times) {
      for (const event of events) {
        if (event.position > head) expect(event.recordedAt).toBeGreaterThan(time);
      }
    }
  });

  it('give one exclusive access, though rounds of recording overlap on the other', async () => {
    const [busy, alone] = [await start(), await start()];
    let goesOn = true;
    const round = async () => {
      while (goesOn) {
        await busy.gate.enter();
        await pause(5 + Math.random() * 20);
        busy.gate.leave();
      }
    };
    const rounds = [round(), round(), round(), round()];
    try {
      for (let times = 0; times < 5; times += 1) {
        await alone.gate.exclusively(() => Promise.resolve());
        await pause(50);
      }
    } finally {
      goesOn = false;
      await Promise.all(rounds);
    }
  });

  it('have one connection each, whatever broke before', async () => {
    const one = await start(proxy.url);
    const count = async () => {
      const client = new Client(database.url);
      await client.connect();
      const { rows } = await client.query<{ count: string }>(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'minutebook %' AND datname = current_database()",
      );
      await client.end();
      return Number(rows[0]!.count);
    };
    await eventually(() => one.presence.trusted);
    for (let times = 0; times < 4; times += 1) {
      // Ended while it beats, the connection is made again by the turn that noticed.
      const beaten = one.presence.query('SELECT pg_terminate_backend(pg_backend_pid())');
      await beaten.catch(() => undefined);
      await eventually(() => one.presence.trusted);
      await pause(1_100);
    }
    await pause(1_000);
    expect(await count()).toBe(1);
  });
});
