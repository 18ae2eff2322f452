import { setTimeout as sleep } from 'node:timers/promises';

import { Exports, type ExportLimits } from '../../../src/exports/exports';
import { openExport, type ExportRequest } from '../../../src/exports/open-export';
import type { CloudEvent } from '../../../src/checker/derivation/reference';
import { Problem } from '../../../src/http/problem';
import { LedgerIndex } from '../../../src/read-model/ledger-index';
import { ReadModel, ReadModelSnapshot } from '../../../src/read-model/queries';
import type { SqliteReadModel } from '../../../src/read-model/sqlite/sqlite-read-model';
import { eventually } from '../../support/eventually';
import { LedgerInMemory, openingTerms, projectedModel } from '../../support/ledger-in-memory';
import { completed } from '../../support/service';

const LOGS = 2_000;
const REQUEST: ExportRequest = { period: '2026-10', format: 'ndjson', asOf: undefined };

/** The signal of a client that stays connected. */
const STAYS = new AbortController().signal;

async function* bytesOf(pieces: AsyncGenerator<string>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) yield Buffer.from(piece);
}

describe('exports over HTTP', () => {
  const reported: string[] = [];
  let open = 0;
  let ledger: LedgerInMemory;
  let model: SqliteReadModel;

  beforeAll(async () => {
    const card = { rate_card_id: 'x', currency: 'TWD', prices: { google: { amount: '0.03' } } };
    ledger = await LedgerInMemory.open(openingTerms([card], { free: {} }));
    const events = Array.from({ length: LOGS }, () => completed() as unknown as CloudEvent);
    await ledger.send(events);
    model = await projectedModel(ledger.store, 1_000);
  });

  const make = (limits: Partial<ExportLimits>) => {
    const snapshot = new ReadModelSnapshot(model.queries);
    const index = new LedgerIndex(ledger.store, new ReadModel(model.queries));
    const snapshots = {
      open: () => {
        open += 1;
        const close = () => {
          open -= 1;
          return Promise.resolve();
        };
        return Promise.resolve({ snapshot, close });
      },
    };
    return new Exports(
      async (request) => {
        const opened = await openExport({ snapshots, index, issuer: 'Example' }, request);
        return { ...opened, pieces: bytesOf(opened.pieces) };
      },
      (error) => reported.push(error.message),
      { atOnce: 2, idleMs: 10_000, totalMs: 10_000, ...limits },
    );
  };
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'begun',
      (error: unknown) => (error as Problem).code,
    );

  beforeEach(() => reported.splice(0));
  afterEach(() => expect(open).toBe(0));

  it('are read to their end, and release their snapshot', async () => {
    const exports = make({});
    const { stream } = await exports.start(REQUEST, STAYS);
    let lines = 0;
    for await (const piece of stream) lines += String(piece).split('\n').length - 1;
    expect(lines).toBe(LOGS);
    await eventually(() => open === 0);
    expect(reported).toEqual([]);
  });

  it('are limited in number, and make room when their reader goes away', async () => {
    const exports = make({});
    const first = await exports.start(REQUEST, STAYS);
    const second = await exports.start(REQUEST, STAYS);
    expect(await codeOf(exports.start(REQUEST, STAYS))).toBe('overloaded');
    first.stream.destroy();
    await eventually(() => open === 1);
    const third = await exports.start(REQUEST, STAYS);
    second.stream.destroy();
    third.stream.destroy();
    await eventually(() => open === 0);
  });

  it('are produced no faster than they are read', async () => {
    const exports = make({});
    const { stream } = await exports.start(REQUEST, STAYS);
    stream.read(0);
    await sleep(200);
    // The buffer, plus the page that filled it.
    expect(stream.readableLength).toBeGreaterThan(0);
    expect(stream.readableLength).toBeLessThan(1024 * 1024);
    const held = stream.readableLength;
    await sleep(200);
    expect(stream.readableLength).toBe(held);
    stream.destroy();
    await eventually(() => open === 0);
  });

  it('end when their reader stops reading, and log that', async () => {
    const exports = make({ idleMs: 100 });
    const { stream } = await exports.start(REQUEST, STAYS);
    stream.read(0);
    await eventually(() => stream.destroyed);
    await eventually(() => open === 0);
    expect(reported).toEqual(['The export was ended: nobody has read from it for 0.1 s.']);
  });

  it('end when the service stops, and no more begin', async () => {
    const exports = make({});
    const { stream } = await exports.start(REQUEST, STAYS);
    exports.close();
    expect(stream.destroyed).toBe(true);
    await eventually(() => open === 0);
    expect(reported).toEqual(['The export was ended: the service is stopping.']);
    expect(await codeOf(exports.start(REQUEST, STAYS))).toBe('store_unavailable');
  });
});
