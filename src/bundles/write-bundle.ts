import { createHash } from 'node:crypto';

import type { Kysely } from 'kysely';

import type { Terms } from '../domain/account/terms';
import { leafHash, leafText, MerkleEdge } from '../domain/merkle';
import { printInstant } from '../domain/time';
import { sessionOfStream } from '../domain/ledger';
import type { EventReader, StoredEvent } from '../event-store/port';
import type { Pace } from '../projections/pace';
import type { Witnessed } from '../proofs/signed-root/root-signer';
import { ReadModelSnapshot } from '../read-model/queries';
import { RatedLogs } from '../read-model/rated-logs';
import type { ReadModelTables } from '../read-model/tables';
import { totalsOf } from '../usage/period-totals';
import { standingOf } from '../usage/standing';
import { Choice, isOfSession } from './choice';
import { ChosenSessions } from './chosen-sessions';
import { pagesUpTo, type BundlePlace } from './events';
import { LeftOutRun } from './left-out';
import type { BundleScope } from './scope';
import { lineOf, statedAdjustment, statedLog, statedSummaries, statedWaiting } from './stated';
import { StatedRows } from './stated-rows';
import { counted } from '../lib/counted';

/** The format of bundles (docs/reference/bundle.md). The second version adds roots that witnesses cosigned. */
const FORMAT = 'minutebook-bundle';
const [PLAIN, WITNESSED] = [1, 2];

/** Signs the root of a bundle's ledger, or refuses to. */
export interface BundleSigner {
  sign(size: number, root: string): Promise<string> | string;
  readonly verifierKey: string;
  readonly handovers: readonly string[];
  /** Returns the roots that witnesses cosigned, each with a proof that connects it to a root of this size. */
  witnessed(size: number): Promise<readonly Witnessed[]>;
}

/** What a bundle is made from. */
export interface BundleSource {
  readonly scope: BundleScope;
  readonly store: Pick<EventReader, 'readAll'>;
  /** One snapshot of a read model, which later events do not change. */
  readonly rows: Kysely<ReadModelTables>;
  readonly openTemporary: <T>() => Kysely<T>;
  readonly signer: BundleSigner;
  /** When the bundle is made, in milliseconds since 1970. */
  readonly now: number;
  readonly pace: Pace;
}

/**
 * The size and root that a written bundle covers, and how many events it holds, events it leaves out, and results it
 * states.
 */
export interface WrittenBundle {
  readonly size: number;
  readonly root: string;
  readonly events: number;
  readonly left_out: number;
  readonly stated: number;
}

/** Takes some lines, each with its line feed. Resolves when there is room for more. */
export type Sink = (text: string) => Promise<void>;

/**
 * Writes a bundle, in constant memory: a header; every event of the scope and, for those left out, the hashes of full
 * subtrees; the results according to the read model; an end line with a digest.
 * @throws Problem `not_caught_up`; EventsMissingError and Error if the store and the read model do not belong to one
 * ledger.
 */
export async function writeBundle(source: BundleSource, sink: Sink): Promise<WrittenBundle> {
  const chosen = await ChosenSessions.make(source.openTemporary);
  try {
    return await new BundleWriter(source, chosen, sink).write();
  } finally {
    await chosen.close();
  }
}

class BundleWriter {
  private readonly digest = createHash('sha256');
  private events = 0;
  private leftOut = 0;
  private stated = 0;

  constructor(
    private readonly source: BundleSource,
    private readonly chosen: ChosenSessions,
    private readonly sink: Sink,
  ) {}

  async write(): Promise<WrittenBundle> {
    const { scope, rows } = this.source;
    const snapshot = new ReadModelSnapshot(rows);
    const { terms, position, size, edge } = await standingOf(snapshot);
    const place: BundlePlace = { position, size };
    const root = MerkleEdge.of(size, edge).root();
    const range = scope.period === null ? null : terms.range(scope.period);
    const stated = new StatedRows(rows, scope, range);
    const choice = new Choice(scope, terms);
    await this.choose(choice, place, stated);
    const closeSizes = sizesOf(terms);
    await this.emit([await this.header(terms, place, root, closeSizes)]);
    await this.writeEvents(choice, place, root, closeSizes);
    await this.writeStated(stated, terms, snapshot);
    return this.end(size, root);
  }

  private async header(
    terms: Terms,
    { size }: BundlePlace,
    root: string,
    close_sizes: readonly number[],
  ): Promise<string> {
    const { scope, signer, now } = this.source;
    const checkpoint = await signer.sign(size, root);
    const witnessed = await signer.witnessed(size);
    const isWitnessed = witnessed.length > 0;
    const { ledger_id, billing_time_zone } = terms.agreement.opened;
    return lineOf('header', {
      format: FORMAT,
      version: isWitnessed ? WITNESSED : PLAIN,
      scope: { period: scope.period, user_id: scope.user_id },
      ledger_id,
      billing_time_zone,
      made_at: printInstant(now),
      size,
      root,
      close_sizes,
      checkpoint,
      vkey: signer.verifierKey,
      handovers: signer.handovers,
      ...(isWitnessed ? { witnessed } : {}),
    });
  }

  /**
   * Finds the sessions whose facts belong in the bundle. This takes a pass of its own, because a later fact may decide
   * that earlier ones belong too.
   */
  private async choose(choice: Choice, place: BundlePlace, stated: StatedRows): Promise<void> {
    const { store, pace } = this.source;
    for await (const late of stated.lateSessions()) await this.chosen.add(late);
    for await (const { events } of pagesUpTo(store, place, pace)) {
      const sessions = events.map((event) => choice.sessionOf(event));
      await this.chosen.add(new Set(sessions.filter((one) => one !== undefined)));
    }
  }

  private async writeEvents(
    choice: Choice,
    place: BundlePlace,
    root: string,
    closeSizes: readonly number[],
  ): Promise<void> {
    const { store, pace } = this.source;
    const edge = MerkleEdge.of(0, []);
    const run = new LeftOutRun();
    const boundaries = new Set(closeSizes);
    for await (const { first, events } of pagesUpTo(store, place, pace)) {
      const isHeld = await this.held(choice, events);
      const lines: string[] = [];
      for (const [at, event] of events.entries()) {
        const index = first + at;
        const leaf = leafText(event);
        const hash = leafHash(leaf);
        edge.add(hash);
        if (boundaries.has(index)) lines.push(...this.leftOutLines(run));
        if (isHeld(event)) {
          lines.push(...this.leftOutLines(run));
          lines.push(lineOf('event', { index, leaf, hash: hash.toString('hex') }));
          this.events += 1;
        } else run.add(index, hash);
      }
      await this.emit(lines);
    }
    await this.emit(this.leftOutLines(run));
    if (edge.size === place.size && edge.root() === root) return;
    throw new Error(
      `The root of the store's ${counted(edge.size, 'event')} is ${edge.root()}, and the read model counted ${place.size} with ${root}. Run the command \`verify\`, which says where the fault is.`,
    );
  }

  private async held(
    choice: Choice,
    events: readonly StoredEvent[],
  ): Promise<(event: StoredEvent) => boolean> {
    const sessions = events.filter(isOfSession).map(({ stream }) => sessionOfStream(stream));
    const chosen = await this.chosen.among(new Set(sessions));
    return (event) =>
      isOfSession(event) ? chosen.has(sessionOfStream(event.stream)) : choice.holds(event);
  }

  private leftOutLines(run: LeftOutRun): string[] {
    return run.take().map(({ from, to, hash }) => {
      this.leftOut += to - from;
      return lineOf('left_out', { from, to, hash: hash.toString('hex') });
    });
  }

  private async writeStated(
    rows: StatedRows,
    terms: Terms,
    snapshot: ReadModelSnapshot,
  ): Promise<void> {
    const rated = new RatedLogs(snapshot, terms);
    for await (const page of rows.logs()) {
      await this.state((await rated.of(page)).map(statedLog));
    }
    for await (const page of rows.adjustments()) await this.state(page.map(statedAdjustment));
    for await (const page of rows.waiting()) {
      const periodOf = (moment: number) => terms.periodOf(Number(moment)).period;
      await this.state(page.map((row) => statedWaiting(row, periodOf(row.completed_at))));
    }
    for await (const page of rows.statements()) await this.state(page.flatMap(statedSummaries));
    // Totals cover all users, so a user's bundle can't show them.
    const { period, user_id } = this.source.scope;
    if (user_id !== null) return;
    for (const one of period === null ? await snapshot.statementPeriods() : [period]) {
      const totals = await totalsOf(snapshot, one);
      if (totals.length > 0) await this.state([lineOf('totals', { period: one, totals })]);
    }
  }

  private async state(lines: readonly string[]): Promise<void> {
    this.stated += lines.length;
    await this.emit(lines);
    await this.source.pace.rest();
  }

  private async emit(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    const text = lines.map((line) => `${line}\n`).join('');
    this.digest.update(text);
    await this.sink(text);
  }

  private async end(size: number, root: string): Promise<WrittenBundle> {
    const { events, leftOut: left_out, stated } = this;
    const sha256 = this.digest.digest('hex');
    await this.sink(`${lineOf('end', { events, left_out, stated, sha256 })}\n`);
    return { size, root, events, left_out, stated };
  }
}

/**
 * Returns the sizes that closes name, ascending. No left-out subtree may span one of them, or the close's root could
 * not be computed.
 */
function sizesOf({ agreement }: Terms): number[] {
  return [...new Set(agreement.closes.map((close) => close.size))].sort((a, b) => a - b);
}
