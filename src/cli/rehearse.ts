import { pipeline } from 'node:stream/promises';

import { csvOf } from '../http/csv';
import { parseDrafts } from '../replay/parse-drafts';
import { rehearse, type RehearsalResult } from '../replay/rehearsal';
import { ITEM_COLUMNS, RehearsalItems } from '../replay/rehearsal-items';
import type { Json } from '../domain/events/facts';
import { withAuditParts } from '../app/audit-parts';
import { readJsonFile } from '../lib/json-file';
import { FULL_SPEED } from '../projections/pace';
import { temporaryDatabase } from '../read-model/sqlite/sqlite-read-model';
import { readConfigured } from './configured';
import { requestOf, type ScopeOptions } from './audit';
import { withProgress } from './with-progress';
import { counted } from '../lib/counted';

/** Rehearses draft cards and plans on the configured ledger, in its own process. Writes nothing to the ledger. */
export async function runRehearse(
  options: ScopeOptions & {
    readonly cards: string | undefined;
    readonly plans: string | undefined;
    readonly form: 'text' | 'json' | 'csv';
  },
): Promise<void> {
  const cards = readDrafts(options.cards);
  const drafts = parseDrafts({
    rate_cards: cards === undefined || Array.isArray(cards) ? cards : [cards],
    plans: readDrafts(options.plans),
  });
  const request = requestOf(options);
  const config = readConfigured();
  await withAuditParts(config, async (parts) => {
    const items = await RehearsalItems.make(temporaryDatabase());
    try {
      const result = await withProgress(options.form === 'text', (report) =>
        rehearse(parts, request, drafts, FULL_SPEED, report, items),
      );
      await print(result, items, options.form);
    } finally {
      await items.close();
    }
  });
}

function readDrafts(path: string | undefined): Json | undefined {
  return path === undefined ? undefined : (readJsonFile(path) as Json);
}

async function print(
  result: RehearsalResult,
  items: RehearsalItems,
  form: 'text' | 'json' | 'csv',
): Promise<void> {
  if (form === 'csv')
    return pipeline(csvOf(items.all(), ITEM_COLUMNS), process.stdout, { end: false });
  if (form === 'json') return printJson(result, items.all());
  for await (const one of items.all()) {
    console.log(
      `${one.user_id} ${one.period} ${one.currency}: paid ${counted(one.paid_cents, 'cent')}, would have paid ${one.would_have_paid_cents} (${signed(one.difference_cents)})`,
    );
  }
  for (const one of result.totals) {
    console.log(
      `Total of ${one.period} in ${one.currency}, ${counted(one.users, 'user')}: paid ${counted(one.paid_cents, 'cent')}, would have paid ${one.would_have_paid_cents} (${signed(one.difference_cents)})`,
    );
  }
  console.log(
    `Rehearsed ${counted(result.size, 'event')}, up to position ${result.position}. Nothing was written. Attempts without a usage log: ${result.waiting}; under the drafts ${result.would_have_waited}.`,
  );
}

/** Prints the result with all items, each as it is read. */
async function printJson(result: object, items: AsyncIterable<object>): Promise<void> {
  const head = JSON.stringify(result).slice(0, -1);
  await pipeline(
    async function* () {
      yield `${head},"items":[`;
      let between = '';
      for await (const item of items) {
        yield between + JSON.stringify(item);
        between = ',';
      }
      yield ']}\n';
    },
    process.stdout,
    { end: false },
  );
}

function signed(cents: number): string {
  return cents > 0 ? `+${cents}` : String(cents);
}
