import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parse } from 'csv-parse/sync';

import { completed, TestService } from '../support/service';

type Row = Readonly<Record<string, string>>;

/** FOCUS rows of sessions with these durations under a price, in that order. */
async function rowsOf(price: object, seconds: readonly number[]): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'minutebook-focus-'));
  const card = join(folder, 'card.json');
  const prices = { default: price };
  const effective_from = '1970-01-01T00:00:00Z';
  writeFileSync(card, JSON.stringify({ currency: 'TWD', effective_from, prices }));
  const service = await TestService.start({
    environment: { RATE_CARD_FILE: card },
    now: () => Date.parse('2026-11-20T00:00:00Z'),
  });
  const { position } = (
    await service.batch(
      seconds.map((duration_seconds, at) =>
        completed({ duration_seconds }, { time: `2026-10-01T10:00:0${at}Z` }),
      ),
    )
  ).body;
  const query = `period=2026-10&format=focus&at_least=${position}`;
  const text = await (await service.fetch(`/v1/audit/export?${query}`)).text();
  await service.close();
  return parse(text, { columns: true });
}

const priced = ({ ListUnitPrice, PricingQuantity, PricingUnit, ListCost }: Row) =>
  `${ListUnitPrice} × ${PricingQuantity} ${PricingUnit} = ${ListCost}`;

describe('list prices in FOCUS', () => {
  it('are per second if a price per minute has no finite decimal: unit price times quantity is the printed cost', async () => {
    const rows = await rowsOf({ amount: '0.03', per_seconds: 60 }, [61, 62, 60, 90, 100, 7]);
    expect(rows.map(priced)).toEqual([
      '0.0005 × 61 Seconds = 0.0305',
      '0.0005 × 62 Seconds = 0.031',
      '0.0005 × 60 Seconds = 0.03',
      '0.0005 × 90 Seconds = 0.045',
      '0.0005 × 100 Seconds = 0.05',
      '0.0005 × 7 Seconds = 0.0035',
    ]);
  });

  it('are per minute if whole minutes are billed', async () => {
    const price = { amount: '0.02', per_seconds: 60, increment_seconds: 60 };
    expect((await rowsOf(price, [61, 7])).map(priced)).toEqual([
      '0.02 × 2 Minutes = 0.04',
      '0.02 × 1 Minutes = 0.02',
    ]);
  });

  it('are rounded once, in the price per second, if no price has a finite decimal', async () => {
    const rows = await rowsOf({ amount: '0.02', per_seconds: 60 }, [61]);
    expect(rows.map(priced)).toEqual(['0.000333333333333333 × 61 Seconds = 0.020333333333333313']);
  });
});
