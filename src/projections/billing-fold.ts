import {
  evolveAgreement,
  NO_ACCOUNT,
  type Account,
  type Agreement,
} from '../domain/account/agreement';
import { underDrafts, type Drafts } from '../domain/account/drafts';
import { boundsOf, Terms } from '../domain/account/terms';
import type { BillingPeriod } from '../domain/billing-period/zone';
import type { RecordedFact } from '../domain/events/facts';
import { unknownType } from '../domain/events/stored';
import { isLedgerEvent, LEDGER_EVENTS, readLedgerEvent } from '../domain/ledger';
import { leafHash, leafText } from '../domain/merkle';
import { printInstant } from '../domain/time';
import type { EventStore, StoredEvent } from '../event-store/port';
import { BoundedMap } from '../lib/bounded-map';
import { groupBy } from '../lib/group-by';
import type { Checkpoint, RowChanges, RowReader, RowStore } from '../read-model/rows';
import { advance } from './advance';
import type { FoldState } from './fold-state';
import { FoldedRows } from './folded-rows';
import { MerkleLog } from './merkle-log';
import { foldLedgerEvent } from './ledger-events';
import {
  applyFact,
  charactersOf,
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

/** The most streams that are read in parallel, for sessions that are not in memory. */
const STREAMS_AT_ONCE = 32;
const CACHED_SESSIONS = 4_000;
/**
 * How much memory the facts of the cached sessions may take, in characters of text. It is only reached if facts are
 * large: each may have more than a MiB.
 */
const CACHED_CHARACTERS = 32 * 1024 * 1024;
/**
 * Rereading a statement costs some 30 µs, and the next fact may be for any user, so all open statements should fit.
 * Sessions need not.
 */
const CACHED_STATEMENTS = 16_000;
const CACHED_ACCOUNTS = 20_000;
/** The logs, in the form that rating uses, of statements that got a log before their end: some 300 bytes each. */
const CACHED_LOGS = 200_000;

/** After how many sessions a part is written: their rows take about 10 MB. */
const SESSIONS_A_PART = 4_000;
/** After how many characters of logs or facts a part is written, however few sessions they belong to. */
const CHARACTERS_A_PART = 32 * 1024 * 1024;

/**
 * How many of each a fold keeps in memory, to avoid reading them again. A field that is left out has the default above.
 */
export interface FoldCaches {
  readonly sessions?: number | undefined;
  readonly statements?: number | undefined;
  readonly logs?: number | undefined;
}

/** How a fold differs from the live one. */
export interface FoldOptions extends FoldCaches {
  /** If set, events change only this user's statements. */
  readonly onlyUser?: string | undefined;
  /** The draft cards and plans of a rehearsal, in force in addition to those in the ledger. */
  readonly drafts?: Drafts | undefined;
  /**
   * The bounds of closed periods, if they are known before their closes are folded: facts from before a close belong to
   * the months that it names.
   */
  readonly ahead?: readonly BillingPeriod[] | undefined;
  /** Folds long runs of facts, on other threads. */
  readonly split?: SplitFacts | undefined;
  /**
   * Takes rows that belong to the next commit. An event may derive all sessions again, and facts of a page may belong to
   * sessions with large facts: their rows do not fit into memory together. Left out if nothing is written: all rows are
   * then returned.
   */
  readonly writePart?: RowStore['writePart'] | undefined;
  /** After how many sessions a part is written. */
  readonly sessionsAPart?: number | undefined;
}

/** An event and the fact in it. */
interface Told {
  readonly event: StoredEvent;
  readonly fact: RecordedFact;
}

/** The result of folding events. */
export interface Folded {
  readonly changes: RowChanges;
  /** Whether the seconds or the cost of an existing usage log changed. */
  readonly changesMoney: boolean;
  /** The checkpoint after the events. */
  readonly next: Checkpoint;
}

/** The index of the next event in ledger order, and the position of the one before it. */
export interface Place {
  readonly index: number;
  readonly counted: number;
}

/**
 * Folds events into rows: sessions, usage logs, waiting attempts, statements with their sums, and what finance
 * recorded. The rows depend on the events alone, never on where a page ends. What it keeps in memory is a cache of rows
 * and streams; {@link reset} drops it. With `onlyUser`, it shows what a card would change for one user: for trials
 * whose rows are not written.
 */
export class BillingFold implements FoldState {
  private readonly sessions: BoundedMap<string, ProjectedSession>;
  private readonly statements: BoundedMap<string, Statement>;
  private readonly stretches: StretchCache;
  private readonly accounts = new BoundedMap<string, Account>(CACHED_ACCOUNTS);
  private readonly merkleLog: MerkleLog;
  private known: Terms | undefined;
  /** The terms before the ledger's own event that is being folded: the existing rows were written under them. */
  private termsBefore: Terms | undefined;
  private readonly accountsBefore = new Map<string, Account>();
  /** Sessions are read from their streams up to this position. */
  private readUpTo = Infinity;
  /** The agreement that {@link known} was made from. */
  private knownOf: Agreement | undefined;

  readonly onlyUser: string | undefined;
  private readonly drafts: Drafts | undefined;
  private readonly ahead: readonly BillingPeriod[];
  private readonly split: SplitFacts | undefined;
  private readonly writePart: RowStore['writePart'] | undefined;
  private readonly sessionsAPart: number;
  /** How many sessions the event that is being folded has derived again, and the position before that event. */
  private derived = 0;
  private foldingFrom = 0;
  /**
   * Whether {@link split}, not this fold, folded the last facts. If so, only the memory of {@link split} is up to date.
   */
  private isSplit = false;

  constructor(
    private readonly store: Pick<EventStore, 'readStream'>,
    private readonly reader: RowReader,
    {
      onlyUser,
      drafts,
      ahead = [],
      sessions = CACHED_SESSIONS,
      statements = CACHED_STATEMENTS,
      logs = CACHED_LOGS,
      split,
      writePart,
      sessionsAPart = SESSIONS_A_PART,
    }: FoldOptions = {},
  ) {
    this.sessions = new BoundedMap(sessions, {
      most: CACHED_CHARACTERS,
      weightOf: ({ characters }) => characters,
    });
    this.statements = new BoundedMap(statements);
    this.stretches = new StretchCache(logs);
    this.merkleLog = new MerkleLog(reader);
    this.onlyUser = onlyUser;
    this.drafts = drafts;
    this.ahead = ahead;
    this.split = split;
    this.writePart = writePart;
    this.sessionsAPart = sessionsAPart;
  }

  /** Drops what is in memory. After a failed commit, the fold must read again what was really written. */
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
   * Returns the rows that events change, and the checkpoint after them. Commit the result before the next call, which
   * reads what was written.
   * @param events one of the {@link segments} of a page.
   * @param amid the place of the events, if they lie between the count of a close that was folded early and the close
   * itself: the checkpoint then does not move.
   * @throws EarlyCloseError if a close counts fewer events than were folded; OtherBoundsError if it names other bounds
   * of its period than facts were folded under.
   */
  async fold(
    events: readonly StoredEvent[],
    checkpoint: Checkpoint,
    amid?: Place,
  ): Promise<Folded> {
    const rows = new FoldedRows(this.reader, this.statements, this.stretches);
    let { agreement } = checkpoint;
    const first = events[0]!;
    this.foldingFrom = checkpoint.position;
    const split = this.splitFor(events);
    let elsewhere: Promise<readonly RowChanges[]> | undefined;
    if (isLedgerEvent(first.type)) {
      const { type, body, position } = first;
      const recordedAt = printInstant(first.recordedAt);
      this.rememberTerms(agreement);
      this.derived = 0;
      const { index, counted } = amid ?? { index: checkpoint.size, counted: checkpoint.position };
      if (type === LEDGER_EVENTS.periodClosed) {
        const { data } = readLedgerEvent(type, body);
        if (data.size < index) throw new EarlyCloseError(first, data.size);
        const named = boundsOf(data);
        const range = this.termsOf(agreement).range(data.period);
        if (range.from !== named.from || range.to !== named.to) throw new OtherBoundsError(named);
        // The close may be folded early, before the events that lie between its count and the close itself. So sessions
        // are read as of the end of its count.
        this.readUpTo = counted;
      }
      agreement = evolveAgreement(agreement, { type, body, position, recordedAt }, counted);
      await foldLedgerEvent(first, type, this, rows, this.termsOf(agreement));
      this.termsBefore = undefined;
      this.readUpTo = Infinity;
    } else if (split !== undefined) {
      this.termsOf(agreement);
      elsewhere = split.fold(events, agreement!);
      // A failure on another thread is thrown below, unless this thread fails first.
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

  /** Returns the rows that facts change under an agreement. Everything before the facts must be committed. */
  async foldOnly(events: readonly StoredEvent[], agreement: Agreement): Promise<RowChanges> {
    const rows = new FoldedRows(this.reader, this.statements, this.stretches);
    await this.foldFacts(events, this.termsOf(agreement), rows);
    return rows.finish((userId) => this.termsFor(userId));
  }

  /**
   * Moves the checkpoint past events that were folded around an early close. Returns the new checkpoint, and the tiles
   * that change.
   */
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

  /** Returns the terms as of a checkpoint, for callers that look up sessions without folding anything. */
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
    if (account === undefined) throw new Error('An account must be read before its user is rated.');
    return account;
  }

  async session(sessionId: string, before: number): Promise<ProjectedSession | undefined> {
    let session = this.sessions.get(sessionId);
    if (session === undefined) {
      const row = await this.reader.session(sessionId);
      if (row === undefined) return undefined;
      const now = await this.termsFor(row.user_id);
      // Its rows were derived under the terms before the event that is being folded.
      const terms = this.termsBefore ?? now;
      // Log rows are read only to find those in closed periods. Without a close there are none.
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
  ): Promise<Map<string, ProjectedSession>> {
    const found = new Map<string, ProjectedSession>();
    if (this.reader.readAhead === undefined) return found;
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
    let characters = 0;
    // The rest are read when they are needed: if facts are large, not all sessions fit into memory.
    for (let from = 0; from < cold.length && characters < CACHED_CHARACTERS;) {
      const some = cold.slice(from, from + STREAMS_AT_ONCE);
      from += STREAMS_AT_ONCE;
      const read = some.map(async (id) => {
        const session = await this.session(id, sessions.get(id)!);
        if (session === undefined) return;
        found.set(id, session);
        characters += session.characters;
      });
      await Promise.all(read);
    }
    return found;
  }

  async derivedAgain(rows: FoldedRows): Promise<void> {
    this.derived += 1;
    const isFull = this.derived % this.sessionsAPart === 0 || rows.characters >= CHARACTERS_A_PART;
    if (isFull) await this.writeSoFar(rows);
  }

  /** Writes the rows so far, and forgets them, if rows are written at all. */
  private async writeSoFar(rows: FoldedRows): Promise<void> {
    if (this.writePart === undefined) return;
    await this.writePart(await rows.part((userId) => this.termsFor(userId)), this.foldingFrom);
  }

  /**
   * Returns what folds these events: the other threads, or `undefined` for this fold. When the work passes from one to
   * the other, the one that takes over first drops its caches, which are out of date.
   */
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
    this.termsBefore = new Terms(this.drafted(agreement), accountOf, this.ahead);
  }

  /** Returns the agreement under which rows are written: in a rehearsal, with its drafts. */
  private drafted(agreement: Agreement): Agreement {
    return this.drafts === undefined ? agreement : underDrafts(agreement, this.drafts);
  }

  private async foldFacts(
    events: readonly StoredEvent[],
    terms: Terms,
    rows: FoldedRows,
  ): Promise<void> {
    let dirty: ProjectedSession[] = [];
    let characters = 0;
    const turns = new Turns(SESSIONS_A_TURN);
    const told: Told[] = [];
    for (const event of events) {
      if (turns.isOver()) await turns.pass();
      const fact = toRecordedFact(event);
      if (fact === undefined) throw unknownType(event);
      told.push({ event, fact });
    }
    // Kept here, because a page may need more sessions than the cache holds.
    const ahead = await this.expectOf(told);
    for (const [id, facts] of groupBy(told, ({ fact }) => fact.data.session_id)) {
      const session = await this.sessionToTell(id, facts[0]!.event, ahead);
      for (const { fact } of facts) {
        if (turns.isOver()) await turns.pass();
        const { user_id } = fact.data;
        if (this.accounts.get(user_id) === undefined) await this.termsFor(user_id);
        applyFact(session, fact, terms);
        this.sessions.grew(charactersOf(fact));
        if (session.frozen.size > 0) await rows.fillIn(session, fact, terms);
      }
      dirty.push(session);
      ahead.delete(id);
      characters += session.characters;
      if (characters < CHARACTERS_A_PART || this.writePart === undefined) continue;
      await this.putAll(dirty, terms, rows, turns);
      await this.writeSoFar(rows);
      dirty = [];
      characters = 0;
    }
    await this.putAll(dirty, terms, rows, turns);
  }

  /** @param first the first of the facts to be folded. For the first event of a stream nothing is read. */
  private async sessionToTell(
    id: string,
    first: StoredEvent,
    ahead: ReadonlyMap<string, ProjectedSession>,
  ): Promise<ProjectedSession> {
    if (first.revision === 0) return this.begun(id);
    return ahead.get(id) ?? (await this.session(id, first.position)) ?? this.begun(id);
  }

  private async putAll(
    sessions: readonly ProjectedSession[],
    terms: Terms,
    rows: FoldedRows,
    turns: Turns,
  ): Promise<void> {
    for (const session of sessions) {
      if (turns.isOver()) await turns.pass();
      rows.put(session, terms);
    }
  }

  /** Reads ahead what facts need: their users, and the sessions that have earlier events. */
  private async expectOf(told: readonly Told[]): Promise<Map<string, ProjectedSession>> {
    if (this.reader.readAhead === undefined) return new Map();
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
        'The ledger has facts before the event ledger.opened, which must be its first. Minutebook did not write it.',
      );
    }
    if (this.known === undefined || this.knownOf !== agreement) {
      const accountOf = (userId: string) => this.accountOf(userId);
      this.known = new Terms(this.drafted(agreement), accountOf, this.ahead);
      this.knownOf = agreement;
    }
    return this.known;
  }
}

/** Only now is something known under which earlier events must be folded: everything is folded again. */
export abstract class FoldAgainError extends Error {}

/**
 * A close names other bounds of its period than the time zone data of this Node.js: they have changed since. A closed
 * period keeps its bounds, so the facts before the close belong to the months that it names.
 */
export class OtherBoundsError extends FoldAgainError {
  constructor(readonly bounds: BillingPeriod) {
    super(
      `The period ${bounds.period} was closed under other time zone data than those of this Node.js: all rows are derived again, with the bounds that its close names.`,
    );
    this.name = 'OtherBoundsError';
  }
}

/**
 * A close counts fewer events than precede it: others were recorded between its count and the close itself. The close
 * must be folded where its count ends, before those others. So everything is folded again from the beginning.
 */
export class EarlyCloseError extends FoldAgainError {
  constructor(
    readonly event: StoredEvent,
    readonly size: number,
  ) {
    super(
      'A billing period was closed while other events were being recorded: all rows are derived again.',
    );
    this.name = 'EarlyCloseError';
  }
}

/**
 * Cuts a page at each of the ledger's own events. Such an event may concern every session before it, whose rows must be
 * written by then.
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
