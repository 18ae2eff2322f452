import {
  evolveAgreement,
  NO_ACCOUNT,
  type Account,
  type Agreement,
} from '../domain/account/agreement';
import { underDrafts, type Drafts } from '../domain/account/drafts';
import { Terms } from '../domain/account/terms';
import type { RecordedFact } from '../domain/events/facts';
import { isLedgerEvent, LEDGER_EVENTS, readLedgerEvent } from '../domain/ledger';
import { leafHash, leafText } from '../domain/merkle';
import { printInstant } from '../domain/time';
import type { EventStore, StoredEvent } from '../event-store/port';
import { BoundedMap } from '../lib/bounded-map';
import type { Checkpoint, RowChanges, RowReader } from '../read-model/rows';
import { advance } from './advance';
import type { FoldState } from './fold-state';
import { FoldedRows } from './folded-rows';
import { MerkleLog } from './merkle-log';
import { foldLedgerEvent } from './ledger-events';
import {
  applyFact,
  freeze,
  loadSession,
  newSession,
  toRecordedFact,
  type ProjectedSession,
} from './session-projection';
import { deriveRows } from './session-rows';
import type { Statement } from './statement';
import type { SplitFacts } from './split-facts';
import { StretchCache } from './stretches';
import { SESSIONS_A_TURN, Turns } from './turns';

/** Streams that are read side by side if nothing of their sessions is in memory. */
const STREAMS_AT_ONCE = 32;
const CACHED_SESSIONS = 4_000;
/** One that is read again costs some 30 µs, and a fact may come to any user's: they are to fit where sessions need not. */
const CACHED_STATEMENTS = 16_000;
const CACHED_ACCOUNTS = 20_000;
/** Logs of statements into which something came before their end; as rating sees them, some 300 bytes each. */
const CACHED_LOGS = 200_000;

const NONE_READ: ReadonlyMap<string, ProjectedSession> = new Map();

/** How much a fold keeps in memory of what it may need again. What is left out is as it is here by default. */
export interface FoldCaches {
  readonly sessions?: number | undefined;
  readonly statements?: number | undefined;
  readonly logs?: number | undefined;
}

/** What a fold does otherwise than the live one. */
export interface FoldOptions extends FoldCaches {
  /** What an event does to this user's statements alone. */
  readonly onlyUser?: string | undefined;
  /** Cards and plans of a rehearsal, in force beside what the ledger says. */
  readonly drafts?: Drafts | undefined;
  /** Folds many facts in a row, on other threads. */
  readonly split?: SplitFacts | undefined;
}

/** An event, and the fact that it tells. */
interface Told {
  readonly event: StoredEvent;
  readonly fact: RecordedFact;
}

/** What events come to. */
export interface Folded {
  readonly changes: RowChanges;
  /** Whether a usage log that was there came to other seconds or another cost. */
  readonly changesMoney: boolean;
  /** The checkpoint after them. */
  readonly next: Checkpoint;
}

/** The index of the next event in ledger order, and the position of the one before it. */
export interface Place {
  readonly index: number;
  readonly counted: number;
}

/**
 * Folds events into rows: sessions, usage logs, what waits, statements with their sums, and what finance said.
 * Which rows come out depends on the events alone, never on where a page ends. What it keeps in memory is a cache
 * of rows and streams; {@link reset} drops it. With `onlyUser` it tells what a card would do to one user, for trials
 * whose rows are not written.
 */
export class BillingFold implements FoldState {
  private readonly sessions: BoundedMap<string, ProjectedSession>;
  private readonly statements: BoundedMap<string, Statement>;
  private readonly stretches: StretchCache;
  private readonly accounts = new BoundedMap<string, Account>(CACHED_ACCOUNTS);
  private readonly merkleLog: MerkleLog;
  private known: Terms | undefined;
  /** While an event of the ledger's own is folded: the terms under which everything was written before it. */
  private termsBefore: Terms | undefined;
  private readonly accountsBefore = new Map<string, Account>();
  /** The last position of a session's stream that counts. */
  private readUpTo = Infinity;
  /** What {@link known} was made of. */
  private knownOf: Agreement | undefined;

  readonly onlyUser: string | undefined;
  private readonly drafts: Drafts | undefined;
  private readonly split: SplitFacts | undefined;
  /** Whether it is {@link split} whose memory has the last facts. */
  private isSplit = false;

  constructor(
    private readonly store: Pick<EventStore, 'readStream'>,
    private readonly reader: RowReader,
    {
      onlyUser,
      drafts,
      sessions = CACHED_SESSIONS,
      statements = CACHED_STATEMENTS,
      logs = CACHED_LOGS,
      split,
    }: FoldOptions = {},
  ) {
    this.sessions = new BoundedMap(sessions);
    this.statements = new BoundedMap(statements);
    this.stretches = new StretchCache(logs);
    this.merkleLog = new MerkleLog(reader);
    this.onlyUser = onlyUser;
    this.drafts = drafts;
    this.split = split;
  }

  /** Forgets what it holds in memory: after a commit that failed, what was written is to be read again. */
  reset(): void {
    this.forgetFacts();
    this.isSplit = false;
    this.accounts.clear();
    this.merkleLog.reset();
    this.known = undefined;
    this.termsBefore = undefined;
    this.readUpTo = Infinity;
  }

  /**
   * The rows that events change, and the checkpoint after them. What comes out is to be committed before the next
   * call: it reads what was written.
   * @param events one of {@link segments}.
   * @param amid where they are folded while an early close is under way: the checkpoint stays where it is.
   * @throws EarlyCloseError if a close counts less than what was folded.
   */
  async fold(
    events: readonly StoredEvent[],
    checkpoint: Checkpoint,
    amid?: Place,
  ): Promise<Folded> {
    const rows = new FoldedRows(this.reader, this.statements, this.stretches);
    let { agreement } = checkpoint;
    const first = events[0]!;
    const split = this.splitFor(events);
    let elsewhere: Promise<readonly RowChanges[]> | undefined;
    if (isLedgerEvent(first.type)) {
      const { type, body, position } = first;
      const recordedAt = printInstant(first.recordedAt);
      this.rememberTerms(agreement);
      const { index, counted } = amid ?? { index: checkpoint.size, counted: checkpoint.position };
      if (type === LEDGER_EVENTS.periodClosed) {
        const { size } = readLedgerEvent(type, body).data;
        if (size < index) throw new EarlyCloseError(first, size);
        // Folded before what stands between: a session is read as it was where the count ends.
        this.readUpTo = counted;
      }
      agreement = evolveAgreement(agreement, { type, body, position, recordedAt }, counted);
      await foldLedgerEvent(first, type, this, rows, this.termsOf(agreement));
      this.termsBefore = undefined;
      this.readUpTo = Infinity;
    } else if (split !== undefined) {
      this.termsOf(agreement);
      elsewhere = split.fold(events, agreement!);
      // What fails there is thrown below, unless something here fails first.
      elsewhere.catch(() => undefined);
    } else {
      await this.foldFacts(events, this.termsOf(agreement), rows);
    }
    const passed = amid === undefined ? events : [];
    const leaves = passed.map((event) => leafHash(leafText(event)));
    rows.addMerkleTiles(await this.merkleLog.add(passed, leaves, checkpoint));
    for (const part of (await elsewhere) ?? []) rows.add(part);
    const changes = await rows.finish((userId) => this.termsFor(userId));
    const { changesMoney } = rows;
    return { changes, changesMoney, next: advance(checkpoint, passed, leaves, agreement) };
  }

  /** The rows that facts change, under what the ledger said before them; all that stands before them is committed. */
  async foldOnly(events: readonly StoredEvent[], agreement: Agreement): Promise<RowChanges> {
    const rows = new FoldedRows(this.reader, this.statements, this.stretches);
    await this.foldFacts(events, this.termsOf(agreement), rows);
    return rows.finish((userId) => this.termsFor(userId));
  }

  /** The checkpoint after events that were folded before, out of their turn. */
  async pass(
    passed: readonly StoredEvent[],
    checkpoint: Checkpoint,
  ): Promise<{ changes: RowChanges; next: Checkpoint }> {
    const rows = new FoldedRows(this.reader, this.statements, this.stretches);
    const leaves = passed.map((event) => leafHash(leafText(event)));
    rows.addMerkleTiles(await this.merkleLog.add(passed, leaves, checkpoint));
    const changes = await rows.finish((userId) => this.termsFor(userId));
    return { changes, next: advance(checkpoint, passed, leaves, checkpoint.agreement) };
  }

  /** The terms as of a checkpoint, for asks of a session without folding anything. */
  begin(checkpoint: Checkpoint): Terms {
    return this.termsOf(checkpoint.agreement);
  }

  async termsFor(userId: string): Promise<Terms> {
    if (this.accounts.get(userId) === undefined) {
      const row = await this.reader.account(userId);
      this.accounts.set(
        userId,
        row === undefined ? NO_ACCOUNT : (JSON.parse(row.account) as Account),
      );
    }
    return this.known!;
  }

  setAccount(userId: string, account: Account): void {
    this.accountsBefore.set(userId, this.accountOf(userId));
    this.accounts.set(userId, account);
  }

  forgetSessions(): void {
    this.sessions.clear();
  }

  accountOf(userId: string): Account {
    const account = this.accounts.get(userId);
    if (account === undefined) throw new Error('An account is read before its user is rated.');
    return account;
  }

  async session(sessionId: string, before: number): Promise<ProjectedSession | undefined> {
    let session = this.sessions.get(sessionId);
    if (session === undefined) {
      const row = await this.reader.session(sessionId);
      if (row === undefined) return undefined;
      const now = await this.termsFor(row.user_id);
      // What was written of it was derived before the event that is being folded, under the terms of then.
      const terms = this.termsBefore ?? now;
      // Rows of logs tell which of them are in closed periods: while there is none, they need no reading.
      const logs =
        terms.agreement.closes.length === 0 ? [] : await this.reader.sessionLogs(sessionId);
      session = await loadSession(
        this.store,
        row,
        logs,
        Math.min(before, this.readUpTo + 1),
        terms,
      );
      session.written = deriveRows(session, terms).rows;
      this.sessions.set(sessionId, session);
    }
    if (session.userId !== '') freeze(session, await this.termsFor(session.userId));
    return session;
  }

  async expect(
    sessions: ReadonlyMap<string, number>,
    users: Iterable<string> = [],
  ): Promise<ReadonlyMap<string, ProjectedSession>> {
    if (this.reader.readAhead === undefined) return NONE_READ;
    const found = new Map<string, ProjectedSession>();
    const cold = [...sessions.keys()].filter((id) => this.sessions.get(id) === undefined);
    const isClosed = (this.known?.agreement.closes.length ?? 0) > 0;
    await this.reader.readAhead({ sessions: cold, logsOf: isClosed ? cold : [] });
    const unknown = new Set<string>();
    const ask = (userId: string | undefined) => {
      if (userId !== undefined && this.accounts.get(userId) === undefined) unknown.add(userId);
    };
    for (const userId of users) ask(userId);
    for (const id of cold) ask((await this.reader.session(id))?.user_id);
    await this.reader.readAhead({ accounts: [...unknown] });
    for (let from = 0; from < cold.length; from += STREAMS_AT_ONCE) {
      const some = cold.slice(from, from + STREAMS_AT_ONCE);
      const read = some.map(async (id) => {
        const session = await this.session(id, sessions.get(id)!);
        if (session !== undefined) found.set(id, session);
      });
      await Promise.all(read);
    }
    return found;
  }

  /** Who folds these: others, or, if `undefined`, this. Whoever folded nothing lately has old rows in memory, and forgets. */
  private splitFor(events: readonly StoredEvent[]): SplitFacts | undefined {
    const isLedgerEvents = isLedgerEvent(events[0]!.type);
    const isSplit = !isLedgerEvents && events.length >= (this.split?.least ?? Infinity);
    if (isSplit !== this.isSplit) {
      if (isSplit) this.split!.forget();
      else this.forgetFacts();
    }
    this.isSplit = isSplit;
    return isSplit ? this.split : undefined;
  }

  private forgetFacts(): void {
    this.sessions.clear();
    this.statements.clear();
    this.stretches.clear();
  }

  private rememberTerms(agreement: Agreement | null): void {
    this.accountsBefore.clear();
    if (agreement === null) return;
    const accountOf = (userId: string) => this.accountsBefore.get(userId) ?? this.accountOf(userId);
    this.termsBefore = new Terms(agreement, accountOf);
  }

  private async foldFacts(
    events: readonly StoredEvent[],
    terms: Terms,
    rows: FoldedRows,
  ): Promise<void> {
    const dirty = new Map<string, ProjectedSession>();
    const turns = new Turns(SESSIONS_A_TURN);
    const told: Told[] = [];
    for (const event of events) {
      if (turns.isOver()) await turns.pass();
      const fact = toRecordedFact(event);
      if (fact !== undefined) told.push({ event, fact });
    }
    // A page may ask for more of them than the cache keeps.
    const ahead = await this.expectOf(told);
    for (const { event, fact } of told) {
      if (turns.isOver()) await turns.pass();
      const { session_id, user_id } = fact.data;
      let session = dirty.get(session_id);
      if (session === undefined) {
        // The first event of a stream needs no reading: there was nothing before it.
        const known =
          event.revision === 0
            ? undefined
            : (ahead.get(session_id) ?? (await this.session(session_id, event.position)));
        session = known ?? this.begun(session_id);
        dirty.set(session_id, session);
      }
      if (this.accounts.get(user_id) === undefined) await this.termsFor(user_id);
      applyFact(session, fact, terms);
      if (session.frozen.size > 0) await rows.fillIn(session, fact, terms);
    }
    for (const session of dirty.values()) {
      if (turns.isOver()) await turns.pass();
      rows.put(session, terms);
    }
  }

  /** Reads ahead what facts ask for: sessions that are not at their first event, and users. */
  private async expectOf(told: readonly Told[]): Promise<ReadonlyMap<string, ProjectedSession>> {
    if (this.reader.readAhead === undefined) return NONE_READ;
    const sessions = new Map<string, number>();
    const users = new Set<string>();
    for (const { event, fact } of told) {
      users.add(fact.data.user_id);
      const { session_id } = fact.data;
      if (event.revision > 0 && !sessions.has(session_id)) sessions.set(session_id, event.position);
    }
    return this.expect(sessions, users);
  }

  private begun(sessionId: string): ProjectedSession {
    const session = newSession(sessionId);
    this.sessions.set(sessionId, session);
    return session;
  }

  private termsOf(agreement: Agreement | null): Terms {
    if (agreement === null) {
      throw new Error(
        'The ledger has facts before its first event, ledger.opened. It was not written by Minutebook.',
      );
    }
    if (this.known === undefined || this.knownOf !== agreement) {
      const agreed = this.drafts === undefined ? agreement : underDrafts(agreement, this.drafts);
      this.known = new Terms(agreed, (userId) => this.accountOf(userId));
      this.knownOf = agreement;
    }
    return this.known;
  }
}

/**
 * A close counts less than what stands before it: something was recorded between its count and the close itself. It is
 * folded where its count ends, before what stands between, which is late; so all is folded again from the beginning.
 */
export class EarlyCloseError extends Error {
  constructor(
    readonly event: StoredEvent,
    readonly size: number,
  ) {
    super('A billing period was closed while others recorded: its rows are derived again.');
    this.name = 'EarlyCloseError';
  }
}

/**
 * Cuts a page where one of the ledger's own events stands: what it says may concern every session before it, whose
 * rows must be written by then.
 */
export function segments(events: readonly StoredEvent[]): (readonly StoredEvent[])[] {
  const cut: StoredEvent[][] = [];
  let joins = false;
  for (const event of events) {
    const own = isLedgerEvent(event.type);
    if (own || !joins) cut.push([event]);
    else cut.at(-1)!.push(event);
    joins = !own;
  }
  return cut;
}
