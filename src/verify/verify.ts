import type { Kysely } from 'kysely';

import { readLedgerEvent, LEDGER_EVENTS } from '../domain/ledger';
import { MerkleEdge } from '../domain/merkle';
import { START, type EventReader } from '../event-store/port';
import type { Difference } from '../read-model/difference';
import { LedgerIndex } from '../read-model/ledger-index';
import { ReadModel, ReadModelSnapshot } from '../read-model/queries';
import type { PastReadModel } from '../snapshots/past-models';
import { placeOf } from '../snapshots/live-snapshot';
import type { LiveParts } from '../snapshots/parts';
import type { ProgressView } from '../replay/progress';
import { replayNow } from '../replay/replay';
import { originOf } from '../proofs/signed-root/ledger-signer';
import type { RootArchive } from '../proofs/signed-root/root-archive';
import type { SignedHead } from '../security/signed-head';
import { tilesOf } from '../proofs/tiles';
import { commonSize, tellDamage, type Damage, type Log } from './damage';
import { Faults, messageOf, type Fault } from './faults';
import { AT_ONCE, type Manner } from './manner';
import { holds, isRootBefore, provenSize, readAnchors, withHead, type Anchor } from './kept-roots';
import {
  checkRestores,
  checkSetAside,
  isGivenUp,
  signsGivenUp,
  type RestoreView,
} from './restores';
import { LedgerScan } from './scan';
import { SessionRules } from './session-rules';
import { checkWitnesses, type WitnessChoice, type WitnessView } from './witnesses';
import { counted } from '../lib/counted';

/** What a verification needs. */
export interface VerifyParts extends LiveParts {
  readonly store: EventReader;
  /** Makes an empty SQLite database that is deleted when it is closed. */
  readonly openItems: <T>() => Kysely<T>;
  readonly roots: Pick<RootArchive, 'all' | 'givenUp' | 'cosigned'>;
  /** Returns the longest history ever signed, as stored with the keys; `undefined` if that is not here. */
  readonly signedHead: () => Promise<SignedHead | undefined>;
  /** The keys whose signatures are trusted. */
  readonly verifierKeys: readonly string[];
  /** Default: `AT_ONCE`. */
  readonly manner?: Manner;
  /** Whose cosignatures are required; `undefined` = nobody's. */
  readonly witnesses?: WitnessChoice;
}

/** What a verification found. */
export interface VerifyResult {
  readonly ledger_id: string | null;
  readonly events: number;
  readonly position: string;
  /** The Merkle root of all events, in hex. */
  readonly root: string;
  readonly signed_roots_checked: number;
  /** How many events the newest signed root covers, including the signed head; 0 if there is none. */
  readonly newest_signed_root: number;
  readonly closed_periods_checked: number;
  /** Restores from a backup, each with the signed roots that it gave up. */
  readonly restores: readonly RestoreView[];
  /** `null` if no witness's key was given. */
  readonly witnesses: WitnessView | null;
  /** How many rows of the live read model were compared; `null` if there is nothing to compare with. */
  readonly rows_compared: number | null;
  readonly faults: number;
  /** The first faults. */
  readonly items: readonly Fault[];
}

/** Receives how many events were read, and of how many; then the replay's progress. */
export interface VerifyProgress {
  readonly scanned: (size: number, of: number) => void;
  readonly replayed: (progress: ProgressView) => void;
}

/**
 * Reads a ledger from the first event to the last and checks everything that can be checked: the store's own
 * bookkeeping, each event's form and stream, the Merkle root against all kept signed roots and all closes, and the live
 * read model against a replay. Names the first bad index. Changes nothing and needs constant memory; a service may run
 * meanwhile.
 */
export async function verify(parts: VerifyParts, progress: VerifyProgress): Promise<VerifyResult> {
  const rules = await SessionRules.make(parts.openItems);
  try {
    const scanned = await parts.openTemporary();
    try {
      return await new Verification(parts, scanned, rules).run(progress);
    } finally {
      await scanned.close();
    }
  } finally {
    await rules.close();
  }
}

/** How many signed roots are compared before a rest. */
const ANCHORS_AT_ONCE = 50;

class Verification {
  private readonly faults = new Faults();
  private readonly scan: LedgerScan;
  private readonly manner: Manner;

  constructor(
    private readonly parts: VerifyParts,
    private readonly scanned: PastReadModel,
    rules: SessionRules,
  ) {
    this.manner = parts.manner ?? AT_ONCE;
    this.scan = new LedgerScan(parts.store, scanned.rows, rules, this.faults, this.manner);
  }

  async run({ scanned, replayed }: VerifyProgress): Promise<VerifyResult> {
    const { faults, parts } = this;
    const ledgerId = await this.ledgerId();
    // Read the roots before the events, so that everything they cover is recorded when the events are read; and before
    // the store is examined, which may take minutes, so that no key made after that has signed them.
    const cosigned = ledgerId === null ? [] : await parts.roots.cosigned();
    const origin = originOf(ledgerId ?? '');
    const kept =
      ledgerId === null
        ? []
        : await readAnchors(parts.roots, parts.verifierKeys, origin, faults, this.manner.pace);
    const head = ledgerId === null ? undefined : await this.signedHead();
    for (const fault of await this.examined()) faults.add('store', fault);
    // Count before asking the store for its end: the store must have everything that was counted.
    const of = await this.liveSize();
    await this.scan.run(await parts.store.head(), ({ size }) =>
      scanned(size, Math.max(size, of ?? 0)),
    );
    const rows = new ReadModelSnapshot(this.scanned.queries);
    const found: Log = { size: this.scan.checkpoint.size, tiles: tilesOf(rows) };
    const { verifierKeys } = parts;
    const restores = await checkRestores(
      this.scan.restores,
      found,
      { origin, verifierKeys },
      faults,
    );
    await checkSetAside(parts.roots, { found, verifierKeys }, restores, faults);
    // An interrupted run of accept-restore may have given up these roots without setting them aside.
    const stillSigned = kept.filter((one) => !isGivenUp(one, restores));
    const anchors = withHead(kept, head).filter((one) => !isGivenUp(one, restores));
    await this.compareLogs(found, anchors, of ?? 0);
    // The head alone shows nothing: it has no signature.
    if (stillSigned.length === 0) {
      faults.add(
        'signed_root',
        'There is no signed root that can be trusted, so nothing shows that these are the events that were recorded. Look for the folder checkpoints/ and the keys.',
      );
    }
    const witnesses = await checkWitnesses(
      cosigned.filter(({ note }) => !signsGivenUp(note, verifierKeys, restores)),
      parts.witnesses ?? { keys: [], required: 0 },
      { found, origin, verifierKeys },
      faults,
    );
    const rowsCompared = of === null ? null : await this.compareRows(replayed);
    const { size, position, edge } = this.scan.checkpoint;
    return {
      ledger_id: ledgerId,
      events: size,
      position: String(position),
      root: MerkleEdge.of(size, edge).root(),
      signed_roots_checked: anchors.length,
      newest_signed_root: anchors.at(-1)?.size ?? 0,
      closed_periods_checked: this.scan.closes.length,
      restores,
      witnesses,
      rows_compared: rowsCompared,
      faults: faults.count,
      items: faults.shown,
    };
  }

  private rethrowPassing(error: unknown): void {
    if (this.manner.isPassing(error)) throw error;
  }

  private async examined(): Promise<readonly string[]> {
    try {
      return (await this.parts.store.examine?.()) ?? [];
    } catch (error) {
      this.rethrowPassing(error);
      return [messageOf(error)];
    }
  }

  private async ledgerId(): Promise<string | null> {
    try {
      const [first] = await this.parts.store.readAll(START, 1);
      if (first?.type !== LEDGER_EVENTS.opened) return null;
      return readLedgerEvent(first.type, first.body).data.ledger_id;
    } catch (error) {
      this.rethrowPassing(error);
      // The scan reports what is wrong with the opening event.
      return null;
    }
  }

  private async signedHead(): Promise<SignedHead | undefined> {
    try {
      return await this.parts.signedHead();
    } catch (error) {
      this.rethrowPassing(error);
      this.faults.add(
        'signed_root',
        `The signed head, which is stored with the keys, can't be read: ${messageOf(error)}`,
      );
      return undefined;
    }
  }

  /** Returns how many events the live read model has counted; `null` if there is no read model. */
  private async liveSize(): Promise<number | null> {
    try {
      const live = await this.parts.openLive();
      try {
        return (await placeOf(live.queries)).size;
      } finally {
        await live.close();
      }
    } catch (error) {
      this.rethrowPassing(error);
      this.faults.add('read_model', `The live read model cannot be read: ${messageOf(error)}`);
      return null;
    }
  }

  private async compareLogs(
    found: Log,
    anchors: readonly Anchor[],
    countedBefore: number,
  ): Promise<void> {
    const first = await this.compareWithLive(found, anchors, countedBefore);
    await this.checkAnchors(found, anchors, first);
    await this.checkCloses(found);
  }

  /** Finds where the events are not those that the live read model counted. The read model has a hash of each event. */
  private async compareWithLive(
    found: Log,
    anchors: readonly Anchor[],
    countedBefore: number,
  ): Promise<number | undefined> {
    const live = await this.parts.openLive().catch(() => undefined);
    if (live === undefined) return undefined;
    try {
      return await new ReadModel(live.queries).read(async (rows) => {
        const standing = await rows.standing();
        // Events recorded and counted since the scan began are not damage.
        const size = Math.min(standing?.size ?? 0, Math.max(found.size, countedBefore));
        const counted: Log = { size, tiles: tilesOf(rows) };
        const at = await commonSize(counted, found);
        if (at >= counted.size) return undefined;
        const proven = await provenSize(counted, anchors);
        await this.nameDamage(at, await tellDamage(at, counted, found), proven);
        return at;
      });
    } catch (error) {
      this.rethrowPassing(error);
      this.faults.add('read_model', `Its Merkle tiles cannot be read: ${messageOf(error)}`);
      return undefined;
    } finally {
      await live.close();
    }
  }

  private async nameDamage(at: number, damage: Damage, proven: number): Promise<void> {
    const index = new LedgerIndex(this.parts.store, this.scanned.readModel);
    // If the store can't be read, the scan has already reported that.
    const event = (await index.at(at).catch(() => undefined))?.event;
    const where =
      event === undefined
        ? `Index ${at}`
        : `Index ${at} (position ${event.position}, ${event.type} on ${event.stream})`;
    const ground =
      at < proven
        ? `The signed root of ${counted(proven, 'event')} proves it.`
        : 'The live read model counted other events, and no signed root is new enough to show which of the two was changed.';
    const place = event === undefined ? { index: at } : { index: at, position: event.position };
    this.faults.add(damage.kind, `${where}: ${wordsOf(damage)} ${ground}`, place);
  }

  /** @param named the first bad index, if the live read model showed it. */
  private async checkAnchors(
    found: Log,
    anchors: readonly Anchor[],
    named: number | undefined,
  ): Promise<void> {
    const bad: Anchor[] = [];
    let good = 0;
    for (const [number, anchor] of anchors.entries()) {
      if (number > 0 && number % ANCHORS_AT_ONCE === 0) await this.manner.pace.rest();
      if (await holds(found, anchor)) good = anchor.size;
      else bad.push(anchor);
    }
    const [first] = bad;
    if (first === undefined) return;
    this.faults.add(
      'signed_root',
      `${bad.length} of the ${anchors.length} kept signed roots do not match these events: the first of them covers ${counted(first.size, 'event')}, the last ${bad.at(-1)!.size}.`,
    );
    const newest = anchors.at(-1)!.size;
    if (named !== undefined) return;
    if (found.size < newest && good === anchors.findLast((one) => one.size <= found.size)?.size) {
      const detail = `The ledger ends after ${counted(found.size, 'event')}, but the newest signed root covers ${newest}: the last ${newest - found.size} are missing.`;
      this.faults.add('tail_missing', detail, { index: found.size });
    } else {
      const detail = `Somewhere from index ${good} to ${first.size - 1} the events are not those that were signed. The live read model was filled from the present events, so the place can't be narrowed down.`;
      this.faults.add('differs', detail, { index: good });
    }
  }

  private async checkCloses(found: Log): Promise<void> {
    for (const { index, position, period, size, root } of this.scan.closes) {
      if (await isRootBefore(index, { size, root }, found)) continue;
      const detail = `The close of ${period} counted ${counted(size, 'event')} with the root ${root}, but the first ${counted(size, 'event')} have another root.`;
      this.faults.add('closed_period', detail, { index, position });
    }
  }

  private async compareRows(report: (progress: ProgressView) => void): Promise<number | null> {
    try {
      const result = await replayNow(
        this.parts,
        { user_id: null, period: null },
        this.manner.pace,
        report,
      );
      for (const difference of result.items) {
        this.faults.add('read_model', wordsOfDifference(difference));
      }
      this.faults.count += result.differences - result.items.length;
      return result.rows_compared;
    } catch (error) {
      this.rethrowPassing(error);
      this.faults.add('read_model', `It does not follow from the events: ${messageOf(error)}`);
      return null;
    }
  }
}

function wordsOf(damage: Damage): string {
  const events = (count: number) => (count === 1 ? 'an event' : counted(count, 'event'));
  switch (damage.kind) {
    case 'changed':
      return `${events(damage.count)} from here on ${damage.count === 1 ? 'is not what was' : 'are not what were'} recorded.`;
    case 'removed':
      return `${events(damage.count)} before it ${damage.count === 1 ? 'is' : 'are'} missing.`;
    case 'inserted':
      return `${events(damage.count)} that nobody counted ${damage.count === 1 ? 'is' : 'are'} here.`;
    case 'swapped':
      return `it was swapped with the event at index ${damage.with}.`;
    case 'tail_missing':
      return `the ledger ends here, but ${events(damage.count)} that ${damage.count === 1 ? 'was' : 'were'} counted after it ${damage.count === 1 ? 'is' : 'are'} missing.`;
    case 'differs':
      return 'from here on the events are different ones.';
  }
}

function wordsOfDifference({ table, key, fields, live, replayed }: Difference): string {
  const name = `${table} ${Object.values(key).map(String).join(' ')}`;
  if (live === null) return `${name}: the row is missing.`;
  if (replayed === null) return `${name}: the row does not follow from the events.`;
  return `${name}: ${fields.join(', ')} ${fields.length === 1 ? 'does' : 'do'} not follow from the events.`;
}
