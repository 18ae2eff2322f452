import type { Agreement } from '../domain/account/agreement';
import type { Terms } from '../domain/account/terms';
import { NOT_CHARGED, Rater, type RatedCharge } from '../domain/billing/charge';
import { itemOf } from '../domain/billing/item';
import {
  comparePlaces,
  FIRST_PLACE,
  isSamePlace,
  placeOnly,
  STRETCH,
  type LogPlace,
} from '../domain/billing/place';
import {
  NOTHING_RATED,
  readState,
  type ChargedSeconds,
  type StoredState,
} from '../domain/billing/running-state';
import { usageLog, type LogFacts, type UsageLog } from '../domain/billing/usage-log';
import { pico } from '../domain/pico';
import { ratedFacts } from './log-rows';
import type { ReadModelSnapshot } from './queries';
import { revealed, type PersonalReader } from './revealed';
import type { RatedLogRow, StatementKey, StatementRow, UsageLogRow } from './rows';

/** How many logs of a statement are read at once on the way from one wanted log to the next. */
const AT_ONCE = 4 * STRETCH;

/** Rates logs of one snapshot when they are read: from the mark before them on, as the projection rated them. */
export class RatedLogs {
  /** @param personal opens personal values; the snapshot's own reader if left out. */
  constructor(
    private readonly snapshot: ReadModelSnapshot,
    readonly terms: Terms,
    readonly personal: PersonalReader = snapshot.personal,
  ) {}

  /** Returns logs of any statements as people see them, in the order in which they are given. */
  async of(rows: readonly UsageLogRow[]): Promise<UsageLog[]> {
    const rated = new Map<string, RatedCharge>();
    for (const one of byStatement(rows).values()) await this.rateOf(one, rated);
    const logs = await revealed(rows, this.personal);
    return logs.map((log) => shown(log, rated.get(log.id)!));
  }

  /** Rates the next log of a statement. */
  rate(rater: Rater, row: RatedLogRow): RatedCharge {
    if (row.billable !== 1) return NOT_CHARGED;
    return rater.rate(itemOf(ratedFacts(row), row, this.terms).charge);
  }

  /** Returns a rater that stands before a rank in a statement: it rates the log at that rank next. */
  async raterAt(key: StatementKey, place: LogPlace): Promise<Rater> {
    const mark = await this.snapshot.markAt(key, place);
    const state = mark === undefined ? NOTHING_RATED : readState(parsed(mark.state));
    const rater = new Rater(state, await this.totals(key));
    if (mark !== undefined && isSamePlace(mark, place)) return rater;
    const from = mark === undefined ? FIRST_PLACE : placeOnly(mark);
    for (const row of await this.snapshot.stretch(key, from, place)) this.rate(rater, row);
    return rater;
  }

  /** Returns a rater that stands before a statement's first log. */
  async raterFromStart(key: StatementKey): Promise<Rater> {
    return new Rater(NOTHING_RATED, await this.totals(key));
  }

  /** Returns the charged seconds of the whole statement by price entry; read only if a card has volume tiers. */
  private async totals(key: StatementKey): Promise<ChargedSeconds> {
    if (!hasVolumeTiers(this.terms.agreement)) return NOTHING_RATED.charged;
    const row = await this.snapshot.statement(key.user_id, key.period);
    return row === undefined ? NOTHING_RATED.charged : chargedIn(row);
  }

  /** @param rows of one statement. */
  private async rateOf(rows: readonly UsageLogRow[], rated: Map<string, RatedCharge>) {
    for (const row of rows) rated.set(row.id, NOT_CHARGED);
    const wanted = rows.filter((row) => row.billable === 1).sort(comparePlaces);
    const last = wanted.at(-1);
    if (last === undefined) return;
    const key = { user_id: last.user_id, period: last.billing_period };
    const behind = { ...placeOnly(last), attempt: last.attempt + 1 };
    for (let next = 0; next < wanted.length;) {
      const rater = await this.raterAt(key, wanted[next]!);
      for (let from = placeOnly(wanted[next]!); ;) {
        const some = await this.snapshot.stretch(key, from, behind, AT_ONCE);
        for (const row of some) {
          const one = this.rate(rater, row);
          if (next >= wanted.length || row.id !== wanted[next]!.id) continue;
          rated.set(row.id, one);
          next += 1;
        }
        // If the next wanted log is far away, rating starts again at the mark before it.
        if (some.length < AT_ONCE || next >= wanted.length) return;
        const end = some.at(-1)!;
        from = { ...placeOnly(end), attempt: end.attempt + 1 };
        if (!(await this.isNear(key, from, wanted[next]!))) break;
      }
    }
  }

  private async isNear(key: StatementKey, from: LogPlace, next: LogPlace): Promise<boolean> {
    const mark = await this.snapshot.markAt(key, next);
    return mark === undefined || comparePlaces(mark, from) <= 0;
  }
}

/** Returns a log as people see it. */
export function shown(log: LogFacts, rated: RatedCharge): UsageLog {
  return usageLog(log, pico(log.billed_seconds), rated);
}

/** Returns the charged seconds of a statement by price entry. */
export function chargedIn({ tail }: StatementRow): ChargedSeconds {
  return readState(parsed<{ state: StoredState }>(tail).state).charged;
}

function parsed<T = StoredState>(text: string): T {
  return JSON.parse(text) as T;
}

function byStatement(rows: readonly UsageLogRow[]): Map<string, UsageLogRow[]> {
  const groups = new Map<string, UsageLogRow[]>();
  for (const row of rows) {
    const text = `${row.user_id} ${row.billing_period}`;
    const group = groups.get(text);
    if (group === undefined) groups.set(text, [row]);
    else group.push(row);
  }
  return groups;
}

const known = new WeakMap<Agreement, boolean>();

function hasVolumeTiers(agreement: Agreement): boolean {
  let has = known.get(agreement);
  if (has === undefined) {
    has = agreement.cards.some(({ prices }) =>
      Object.values(prices).some((entry) => entry.tier_mode === 'volume'),
    );
    known.set(agreement, has);
  }
  return has;
}
