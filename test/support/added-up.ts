import { parse } from 'csv-parse/sync';

import type { ExportFormat } from '../../src/exports/formats';
import { Decimal } from '../../src/domain/money';

/** Cents by `user currency`. */
export type Totals = Map<string, number>;

export function add(totals: Totals, user: string, currency: string, cents: number): void {
  const key = `${user} ${currency}`;
  totals.set(key, (totals.get(key) ?? 0) + cents);
}

const hundredfold = (amount: string) => new Decimal(amount).times(100).toNumber();

/** Adds up each format from the file alone, as its recipient would. */
export const ADD_UP: Readonly<Record<ExportFormat, (text: string) => Totals>> = {
  csv: (text) => {
    const totals: Totals = new Map();
    for (const row of parse<Record<string, string>>(text, { columns: true })) {
      add(totals, row['user_id']!.replace(/^'/, ''), row['currency']!, Number(row['cost_cents']));
    }
    return totals;
  },
  ndjson: (text) => {
    const totals: Totals = new Map();
    for (const line of text.split('\n').slice(0, -1)) {
      const row = JSON.parse(line) as { user_id: string; currency: string; cost_cents: number };
      add(totals, row.user_id, row.currency, row.cost_cents);
    }
    return totals;
  },
  focus: (text) => {
    const totals: Totals = new Map();
    for (const row of parse<Record<string, string>>(text, { columns: true })) {
      expect(row['EffectiveCost']).toBe(row['BilledCost']);
      add(
        totals,
        row['BillingAccountId']!.replace(/^'/, ''),
        row['BillingCurrency']!,
        hundredfold(row['BilledCost']!),
      );
    }
    return totals;
  },
  hledger: (text) => {
    const totals: Totals = new Map();
    for (const [, user = '', amount = '', currency = ''] of text.matchAll(
      /^ {4}assets:receivable:(\S+) {2}(-?\d+\.\d\d) ([A-Z]{3})$/gm,
    )) {
      add(totals, decodeURIComponent(user), currency, hundredfold(amount));
    }
    return totals;
  },
};

/** Sorts totals for comparison, and leaves out those of zero. */
export const sorted = (totals: Totals) =>
  [...totals].filter(([, cents]) => cents !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
