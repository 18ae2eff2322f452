import type { Terms } from '../domain/account/terms';
import type { RecordedFact } from '../domain/events/facts';
import type { UsageAdjusted } from '../domain/ledger';
import { deriveAttempts, describe } from '../domain/session/attempts';
import { printInstant } from '../domain/time';
import type { BoundedMap } from '../lib/bounded-map';
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
import { describedFields, placeOf, statementOf, type LogDraft } from './log-draft';
import { rateChanges, type LogChanges } from './rate-changes';
import type { ProjectedSession } from './session-projection';
import { deriveRows, parseCountKey } from './session-rows';
import { Statement } from './statement-projection';
import { SESSIONS_A_TURN, Turns } from './turns';

interface StatementChanges extends LogChanges {
  readonly key: StatementKey;
  readonly counts: Map<string, { sessions: number; failures: number }>;
  readonly adjustments: { currency: string; cents: number }[];
}

/** Rows to write, while they are gathered. */
type Gathered = { -readonly [K in keyof RowChanges]: RowChanges[K][number][] };

/** The rows that a segment of events changes, gathered session by session; statements are rated at the end. */
export class FoldedRows {
  private readonly gathered = noRows();
  private readonly touched = new Map<string, StatementChanges>();
  /** Frozen logs to which descriptions were added, by id. */
  private readonly filled = new Map<string, UsageLogRow>();

  constructor(
    readonly reader: RowReader,
    private readonly statements: BoundedMap<string, Statement>,
  ) {}

  addRequest(row: RequestRow): void {
    this.gathered.requests.push(row);
  }

  addMerkleTiles(rows: readonly MerkleTileRow[]): void {
    this.gathered.merkleTiles.push(...rows);
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

  /**
   * Notes what became of a session since it was last written.
   * @param again whether logs that are as they were are to be rated again: the terms changed.
   */
  put(session: ProjectedSession, terms: Terms, again: boolean): void {
    const before = session.written;
    const { rows: after, row } = deriveRows(session, terms);
    session.written = after;
    this.gathered.sessions.push(row);
    for (const [attempt, draft] of after.logs) {
      const old = before.logs.get(attempt);
      if (!again && old !== undefined && JSON.stringify(old) === JSON.stringify(draft)) continue;
      if (old !== undefined && keyText(statementOf(old)) !== keyText(statementOf(draft))) {
        this.removeLog(old);
      }
      this.changesOf(statementOf(draft)).put.push(draft);
    }
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
   * A late `started` may still describe a log in a closed period: what it lacked when it was closed, nothing else
   * (docs/reference/laws.md#law-8). Of several such facts the earliest counts, in whatever order they come.
   */
  async fillIn(session: ProjectedSession, fact: RecordedFact, terms: Terms): Promise<void> {
    const { attempt } = fact.data;
    const frozen = session.frozen.get(attempt);
    if (frozen === undefined || fact.kind !== 'started') return;
    const row =
      this.filled.get(frozen.id) ??
      (await this.reader.sessionLogs(session.sessionId)).find((one) => one.id === frozen.id)!;
    const { counted: last } = terms.close(frozen.billing_period)!;
    const counted = describedAttempt(
      session.facts.filter((one) => one.position <= last),
      attempt,
    );
    const started = describedAttempt(
      session.facts.filter((one) => one.kind === 'started'),
      attempt,
    );
    const view = JSON.parse(row.view) as Record<string, unknown>;
    for (const [name, value] of Object.entries(started)) view[name] = counted[name] ?? value;
    this.filled.set(frozen.id, { ...row, view: JSON.stringify(view) });
  }

  /** Rates what changed; answers all rows to write. */
  async finish(termsFor: (userId: string) => Promise<Terms>): Promise<RowChanges> {
    const cold = [...this.touched].filter(([text]) => this.statements.get(text) === undefined);
    await this.reader.readAhead?.({ statements: cold.map(([, { key }]) => key) });
    const turns = new Turns(SESSIONS_A_TURN);
    for (const changes of this.touched.values()) {
      if (turns.isOver()) await turns.pass();
      await this.flushStatement(changes, termsFor);
    }
    this.gathered.usageLogs.push(...this.filled.values());
    return this.gathered;
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
    const statement = this.statements.get(text) ?? (await this.readStatement(key));
    this.statements.set(text, statement);
    for (const [currency, { sessions, failures }] of counts) {
      statement.addSessions(currency, sessions, failures);
    }
    for (const { currency, cents } of changes.adjustments) statement.adjust(currency, cents);
    if (logsChange) {
      const terms = await termsFor(key.user_id);
      for (const row of await rateChanges(statement, changes, terms, this.reader)) {
        this.gathered.usageLogs.push(row);
      }
    }
    if (statement.isEmpty) this.gathered.removedStatements.push(key);
    else this.gathered.statements.push(statement.toRow());
  }

  private async readStatement(key: StatementKey): Promise<Statement> {
    const row = await this.reader.statement(key);
    return row === undefined ? new Statement(key) : Statement.read(row);
  }

  private removeLog(old: LogDraft): void {
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

/** The descriptions of an attempt that facts give, when it started among them; what none gives is left out. */
function describedAttempt(
  facts: readonly RecordedFact[],
  attempt: number,
): Readonly<Record<string, unknown>> {
  const startedAt = deriveAttempts(facts)[attempt - 1]?.startedAt ?? null;
  const described: Record<string, unknown> = {
    ...describedFields(describe(facts, attempt)),
    started_at: startedAt === null ? null : printInstant(startedAt),
  };
  return Object.fromEntries(Object.entries(described).filter(([, value]) => value !== null));
}

function keyText(key: StatementKey): string {
  return `${key.user_id} ${key.period}`;
}

/** Nothing to write. */
export function noRows(): Gathered {
  return {
    sessions: [],
    usageLogs: [],
    waiting: [] as WaitingRow[],
    statements: [],
    accounts: [],
    adjustments: [],
    requests: [],
    merkleTiles: [],
    removedLogs: [],
    removedWaiting: [] as WaitingKey[],
    removedStatements: [],
  } satisfies Record<keyof Gathered, unknown[]>;
}
