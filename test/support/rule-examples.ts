import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { LedgerEntry, RawPrice } from '../../src/checker/derivation/ledger';

/** A table of a Markdown page: its rows by column name. */
export type Table = readonly Readonly<Record<string, string>>[];

/** An example of docs/reference/rules.md: its events, and the tables that say what follows from them. */
export interface RuleExample {
  readonly name: string;
  readonly entries: readonly LedgerEntry[];
  readonly tables: readonly Table[];
}

const PAGE = join(__dirname, '../../docs/reference/rules.md');

/** The examples of the page. An example that continues the events of the one before is returned with all of them. */
export function ruleExamples(): RuleExample[] {
  const sections = readFileSync(PAGE, 'utf8')
    .split(/^### Example: /m)
    .slice(1);
  return sections.flatMap((section) => {
    const name = section.slice(0, section.indexOf('\n'));
    const ownPart = section.split(/^## /m)[0]!;
    const [, ...parts] = ownPart.split('```text\n');
    let entries: LedgerEntry[] = [];
    return parts.map((part, number) => {
      const [events = '', rest = ''] = part.split('```');
      entries = [...entries, ...events.trim().split('\n').map(readEntry)];
      return {
        name: number === 0 ? name : `${name}, continued`,
        entries,
        tables: [...rest.matchAll(/(?:^\|.*\n)+/gm)].map(([table]) => readTable(table)),
      };
    });
  });
}

/** Parses an event in the notation of the page, which begins with its index. */
function readEntry(line: string): LedgerEntry {
  const [, type = '', rest = ''] = /^\d+ (\S+) (.*)$/.exec(line) ?? [];
  if (type === 'ledger.opened') return readOpening(rest);
  if (type === 'billing_period.closed') return readClose(rest);
  return readFact(type, rest);
}

function readOpening(text: string): LedgerEntry {
  const match = /^([A-Z]{3}) (\{.*\})(?: (\d+) included minutes)?$/.exec(text);
  if (match === null) throw new Error(`Not an opening: ${text}`);
  const [, currency = '', prices = '', included_minutes = '0'] = match;
  return {
    type: 'ledger.opened',
    recorded_at: Date.parse('2026-07-31T00:00:00Z'),
    billing_time_zone: 'UTC',
    rate_cards: [
      {
        rate_card_id: 'card',
        currency,
        effective_from: '1970-01-01T00:00:00Z',
        prices: JSON.parse(prices) as Record<string, RawPrice>,
      },
    ],
    plans: { free: { included_minutes } },
  };
}

/** The close of a month in 2026 other than December. */
function readClose(text: string): LedgerEntry {
  const match = /^(2026-(\d\d)) size (\d+)$/.exec(text);
  if (match === null) throw new Error(`Not a close: ${text}`);
  const [, period = '', month, size] = match;
  const next = String(Number(month) + 1).padStart(2, '0');
  const [from, to] = [`${period}-01T00:00:00.000Z`, `2026-${next}-01T00:00:00.000Z`];
  const recorded_at = Date.parse('2026-11-01T00:00:00Z');
  return { type: 'billing_period.closed', recorded_at, period, from, to, size: Number(size) };
}

let made = 0;

function readFact(kind: string, text: string): LedgerEntry {
  const match = /^(\w+)\/(\d+) (\S+)(?: (\d+) s)?(?: by (\w+))?$/.exec(text);
  if (match === null) throw new Error(`Not a fact: ${kind} ${text}`);
  const [, session_id, attempt, time = '', duration, provider = 'google'] = match;
  const own = {
    completed: { duration_seconds: duration, stt_provider: provider },
    failed: { error_code: 'timeout', stt_provider: provider },
    started: { stt_provider: provider },
  }[kind];
  const event = {
    specversion: '1.0' as const,
    id: `example-${made++}`,
    source: 'docs/rules',
    type: `transcription.session.${kind}`,
    time,
    data: { session_id, attempt: Number(attempt), user_id: 'ann', ...own },
  };
  return { type: 'fact', recorded_at: Date.parse('2026-11-01T00:00:00Z'), event };
}

function readTable(text: string): Table {
  const cellsOf = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const [header = '', , ...lines] = text.trim().split('\n');
  const names = cellsOf(header);
  return lines.map((line) =>
    Object.fromEntries(cellsOf(line).map((cell, column) => [names[column]!, cell])),
  );
}
