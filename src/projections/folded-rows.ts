import { isDeepStrictEqual } from 'node:util';

import type { Terms } from '../domain/account/terms';
import { isRatedAlike, itemOf, type Item } from '../domain/billing/item';
import type { LogPlace } from '../domain/billing/place';
import { placeOf, statementOf, type LogFacts } from '../domain/billing/usage-log';
import type { RecordedFact } from '../domain/events/facts';
import type { UsageAdjusted } from '../domain/ledger';
import { deriveAttempts, describe } from '../domain/session/attempts';
import { printInstant } from '../domain/time';
import type { BoundedMap } from '../lib/bounded-map';
import {
  logRow,
  NOTHING_PERSONAL,
  readDescription,
  writeDescription,
  type LogDescription,
} from '../read-model/log-rows';
import type {
  AccountRow,
  AdjustmentRow,
  MerkleTileRow,
  RequestRow,
  RowChanges,
  RowReader,
  StatementKey,
  UsageLogRow,
  WaitingKey,
  WaitingRow,
} from '../read-model/rows';
import { rateChanges } from './rate-changes';
import type { ProjectedSession } from './session-projection';
import { parseCountKey } from './session-counts';
import { deriveRows, describedFields } from './session-rows';
import { keyText, markRow, type Statement } from './statement';
import { Stretches, type StretchCache } from './stretches';
import { SumRows } from './sum-rows';
import { SESSIONS_A_TURN, Turns } from './turns';

interface StatementChanges {
  readonly key: StatementKey;
  readonly put: LogFacts[];
  readonly removed: { readonly id: string; readonly place: LogPlace }[];
  readonly counts: Map<string, { sessions: number; failures: number }>;
  readonly adjustments: { currency: string; cents: number }[];
}

/** The rows to write, as they are gathered. */
type Gathered = { -readonly [K in keyof RowChanges]: RowChanges[K][number][] };

/** The rows that a segment of events changes, gathered session by session; statements are rated at the end. */
export class FoldedRows {
  private gathered = noRows();
  private readonly touched = new Map<string, StatementChanges>();
  /** Logs in closed periods, by id, of which {@link fillIn} changes only the description. */
  private readonly filled = new Map<string, UsageLogRow>();
  private sums = new SumRows();
  private readonly stretches: Stretches;
  /** Whether a log that existed before, and still exists, has other seconds or another cost. */
  changesMoney = false;
  /** About how many characters the logs to be written have. */
  characters = 0;

  constructor(
    readonly reader: RowReader,
    private readonly statements: BoundedMap<string, Statement>,
    stretches: StretchCache,
  ) {
    this.stretches = new Stretches(reader, stretches);
  }

  addRequest(row: RequestRow): void {
    this.gathered.requests.push(row);
  }

  /** Adds rows that were folded elsewhere. */
  add(changes: RowChanges): void {
    for (const name of Object.keys(this.gathered) as (keyof RowChanges)[]) {
      pushAll<unknown>(this.gathered[name], changes[name]);
    }
  }

  addMerkleTiles(rows: readonly MerkleTileRow[]): void {
    pushAll(this.gathered.merkleTiles, rows);
  }

  addAccount(row: AccountRow): void {
    this.gathered.accounts.push(row);
  }

  adjust(row: AdjustmentRow, data: UsageAdjusted): void {
    this.gathered.adjustments.push(row);
    const key = { user_id: row.user_id, period: row.billing_period };
    const { currency, amount_cents: cents } = data;
    this.changesOf(key).adjustments.push({ currency, cents });
  }

  /** Adds what changed in a session since it was last written. */
  put(session: ProjectedSession, terms: Terms): void {
    const before = session.written;
    const { rows: after, row } = deriveRows(session, terms);
    session.written = after;
    this.gathered.sessions.push(row);
    for (const [attempt, log] of after.logs) this.putLog(log, before.logs.get(attempt));
    for (const [attempt, old] of before.logs) {
      const now = after.logs.get(attempt);
      if (now === undefined) this.removeLog(old);
      if (now?.id !== old.id) this.gathered.removedLogs.push(old.id);
    }
    for (const waiting of after.waiting.values()) this.gathered.waiting.push(waiting);
    for (const [attempt, waiting] of before.waiting) {
      if (!after.waiting.has(attempt)) {
        this.gathered.removedWaiting.push({ session_id: waiting.session_id, attempt });
      }
    }
    for (const [text, { failures }] of after.counts) this.count(text, 1, failures);
    for (const [text, { failures }] of before.counts) this.count(text, -1, -failures);
  }

  /**
   * Adds to the description of a log in a closed period what a late `started` says: only fields that the log lacked
   * when its period was closed (docs/reference/laws.md#law-8). Of several such facts the earliest counts, in whatever
   * order they arrive.
   */
  async fillIn(session: ProjectedSession, fact: RecordedFact, terms: Terms): Promise<void> {
    const { attempt } = fact.data;
    const frozen = session.frozen.get(attempt);
    if (frozen === undefined || fact.kind !== 'started') return;
    const row =
      this.filled.get(frozen.id) ??
      (await this.reader.sessionLogs(session.sessionId)).find((one) => one.id === frozen.id)!;
    const { counted: last } = terms.close(frozen.billing_period)!;
    const erasedUpTo = terms.erasedUpTo(frozen.user_id);
    const counted = describedAttempt(
      session.facts.filter((one) => one.position <= last),
      attempt,
      erasedUpTo,
    );
    const started = describedAttempt(
      session.facts.filter((one) => one.kind === 'started'),
      attempt,
      erasedUpTo,
    );
    const before = readDescription(row.described);
    const described: Record<string, unknown> = { ...before };
    for (const [name, value] of Object.entries(started)) {
      const other = READABLE_OR_SEALED[name];
      if (other === undefined || counted[other] === undefined) {
        described[name] = counted[name] ?? value;
      }
    }
    if (before.erased) Object.assign(described, NOTHING_PERSONAL);
    this.fill(row, described as unknown as LogDescription);
  }

  /** Removes everything personal from the existing logs of a user, in closed periods too. */
  erase(userId: string): void {
    this.gathered.erasedUsers.push(userId);
  }

  private fill(row: UsageLogRow, described: LogDescription): void {
    this.filled.set(row.id, { ...row, described: writeDescription(described) });
  }

  /** Rates what changed, and returns all rows to write. */
  async finish(termsFor: (userId: string) => Promise<Terms>): Promise<RowChanges> {
    const cold = [...this.touched].filter(([text]) => this.statements.get(text) === undefined);
    await this.reader.readAhead?.({ statements: cold.map(([, { key }]) => key) });
    const turns = new Turns(SESSIONS_A_TURN);
    for (const changes of this.touched.values()) {
      if (turns.isOver()) await turns.pass();
      await this.flushStatement(changes, termsFor);
    }
    pushAll(this.gathered.usageLogs, this.filled.values());
    pushAll(this.gathered.usageDays, this.sums.days());
    pushAll(this.gathered.periodSums, this.sums.periods());
    return this.gathered;
  }

  /** Returns the rows to write so far, and forgets them. */
  async part(termsFor: (userId: string) => Promise<Terms>): Promise<RowChanges> {
    const changes = await this.finish(termsFor);
    this.gathered = noRows();
    this.characters = 0;
    this.touched.clear();
    this.filled.clear();
    this.sums = new SumRows();
    return changes;
  }

  private async flushStatement(
    changes: StatementChanges,
    termsFor: (userId: string) => Promise<Terms>,
  ): Promise<void> {
    const { key } = changes;
    const logsChange = changes.put.length + changes.removed.length > 0;
    const counts = [...changes.counts].filter(
      ([, { sessions, failures }]) => sessions !== 0 || failures !== 0,
    );
    if (!logsChange && counts.length === 0 && changes.adjustments.length === 0) return;
    const text = keyText(key);
    const statement = this.statements.get(text) ?? (await this.stretches.statement(key));
    this.statements.set(text, statement);
    const { sums } = statement;
    const filled = sums.filled;
    for (const [currency, { sessions, failures }] of counts) {
      sums.addSessions(currency, sessions, failures);
    }
    for (const { currency, cents } of changes.adjustments) {
      sums.adjust(currency, cents);
      this.sums.adjust(key.period, currency, cents);
    }
    if (logsChange) await this.rate(statement, changes, await termsFor(key.user_id));
    const filledNow = sums.filled;
    this.sums.countUsers(key.period, filled, filledNow);
    if (filledNow.length === 0) this.gathered.removedStatements.push(key);
    else this.gathered.statements.push(statement.toRow());
  }

  private async rate(statement: Statement, changes: StatementChanges, terms: Terms): Promise<void> {
    const { key, removed } = changes;
    const put = changes.put.map((log): Item => itemOf(log, placeOf(log), terms));
    const rerated = await rateChanges(statement, { put, removed }, terms, this.stretches);
    for (const cell of rerated.cells.changed()) {
      statement.sums.add(cell);
      this.sums.add(key, cell);
    }
    for (const mark of rerated.removedMarks) this.gathered.removedMarks.push(markRow(key, mark));
    for (const mark of rerated.marks) this.gathered.marks.push(markRow(key, mark));
    if (rerated.changesMoney) this.changesMoney = true;
  }

  private putLog(log: LogFacts, old: LogFacts | undefined): void {
    // Not by their texts: long values are the same strings, which a comparison need not read.
    if (old !== undefined && isDeepStrictEqual(old, log)) return;
    const row = logRow(log, placeOf(log));
    this.gathered.usageLogs.push(row);
    this.characters += row.described.length;
    // A change of the description alone does not affect the statement.
    if (old !== undefined && isRatedAlike(old, log)) return;
    if (old !== undefined) this.removeLog(old);
    this.changesOf(statementOf(log)).put.push(log);
  }

  private removeLog(old: LogFacts): void {
    this.changesOf(statementOf(old)).removed.push({ id: old.id, place: placeOf(old) });
  }

  private count(text: string, sessions: number, failures: number): void {
    const { currency, ...key } = parseCountKey(text);
    const { counts } = this.changesOf(key);
    const count = counts.get(currency) ?? { sessions: 0, failures: 0 };
    count.sessions += sessions;
    count.failures += failures;
    counts.set(currency, count);
  }

  private changesOf(key: StatementKey): StatementChanges {
    const text = keyText(key);
    let changes = this.touched.get(text);
    if (changes === undefined) {
      changes = { key, put: [], removed: [], counts: new Map(), adjustments: [] };
      this.touched.set(text, changes);
    }
    return changes;
  }
}

/**
 * The other form, sealed or readable, of each personal field. If the facts that count already give a value in one form,
 * a later fact's value in the other is ignored.
 */
const READABLE_OR_SEALED: Readonly<Record<string, string>> = {
  original_filename: 'filename_in',
  filename_in: 'original_filename',
  provider_metadata: 'metadata_in',
  metadata_in: 'provider_metadata',
};

/** Returns what facts say about an attempt, including when it started. Fields that no fact gives are left out. */
function describedAttempt(
  facts: readonly RecordedFact[],
  attempt: number,
  erasedUpTo: number,
): Readonly<Record<string, unknown>> {
  const startedAt = deriveAttempts(facts)[attempt - 1]?.startedAt ?? null;
  const described: Record<string, unknown> = {
    ...describedFields(describe(facts, attempt, erasedUpTo)),
    started_at: startedAt === null ? null : printInstant(startedAt),
  };
  return Object.fromEntries(Object.entries(described).filter(([, value]) => value !== null));
}

/** Adds any number of rows. `push(...rows)` would overflow the stack from some 100,000 rows on. */
function pushAll<T>(into: T[], rows: Iterable<T>): void {
  for (const row of rows) into.push(row);
}

/** Returns changes that hold no rows. */
export function noRows(): Gathered {
  return {
    sessions: [],
    usageLogs: [],
    waiting: [] as WaitingRow[],
    statements: [],
    marks: [],
    usageDays: [],
    periodSums: [],
    accounts: [],
    adjustments: [],
    requests: [],
    merkleTiles: [],
    erasedUsers: [],
    removedLogs: [],
    removedWaiting: [] as WaitingKey[],
    removedStatements: [],
    removedMarks: [],
  } satisfies Record<keyof Gathered, unknown[]>;
}
