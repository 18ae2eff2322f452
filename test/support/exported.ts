import { Terms } from '../../src/domain/account/terms';
import type { Agreement } from '../../src/domain/account/agreement';
import type { MemoryEventStore } from '../../src/event-store/memory/memory-event-store';
import type { ExportFormat } from '../../src/exports/formats';
import type { ExportSource } from '../../src/exports/rows';
import { WRITERS } from '../../src/exports/writers';
import { LedgerIndex } from '../../src/read-model/ledger-index';
import { ReadModel, ReadModelSnapshot } from '../../src/read-model/queries';
import { totalsOf } from '../../src/usage/period-totals';
import { projectedModel } from './ledger-in-memory';

/**
 * Exports of a store's events, as a function of period and format. Closes of generated ledgers pin no totals, so these
 * are taken from the summaries; the exports then contain assertions.
 */
export async function exportsOf(store: MemoryEventStore) {
  const model = await projectedModel(store, 1_000);
  const snapshot = new ReadModelSnapshot(model.queries);
  const index = new LedgerIndex(store, new ReadModel(model.queries));
  const { agreement: text, position } = (await snapshot.standing())!;
  const agreement = JSON.parse(text) as Agreement;
  const closes = [];
  for (const close of agreement.closes) {
    closes.push({ ...close, totals: await totalsOf(snapshot, close.period) });
  }
  const terms = new Terms({ ...agreement, closes });
  return async (period: string, format: ExportFormat): Promise<string> => {
    const source: ExportSource = {
      snapshot,
      period,
      terms,
      position,
      issuer: 'Example',
      recordedAt: async (at) => (await index.floor(at))!.recordedAt,
    };
    const pieces: string[] = [];
    for await (const piece of WRITERS[format](source)) pieces.push(piece);
    return pieces.join('');
  };
}
