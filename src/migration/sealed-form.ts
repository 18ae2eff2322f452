import type { PersonalKey } from '../domain/events/sealing';
import { deterministicId, readFact, writeFact } from '../domain/events/stored';
import type { Fact } from '../domain/events/facts';
import {
  LEDGER_EVENTS,
  LEDGER_STREAM,
  readLedgerEvent,
  userOfStream,
  writeLedgerEvent,
  type LedgerContinued,
} from '../domain/ledger';
import { leafHash, leafText, MerkleEdge } from '../domain/merkle';
import type { StoredEvent } from '../event-store/port';
import { FactSealer } from '../ledger/fact-sealer';
import { newPersonalKey } from '../personal/new-key';
import type { SealingKeys } from '../personal/personal-keys';
import type { PlacedEvent } from './copy';
import type { Survey } from './survey';

/** How many events the copy has, or had at some point, and their Merkle root. */
export interface Counted {
  readonly size: number;
  readonly root: string;
}

/**
 * Turns a ledger's events into those of its sealed copy, in order. The copy is a ledger with an id of its own, whose
 * second event names the first ledger's last signed root. Personal values are sealed. If a later event erases the user,
 * they are sealed under a key that nobody keeps. Closes count the copy's events. Restores are left out, because they
 * name roots of the first ledger.
 */
export class SealedForm {
  private readonly edge = MerkleEdge.of(0, []);
  private readonly sealer: FactSealer;
  /** The copy's size and root by the number of source events that they stand for. */
  private readonly countedAt = new Map<number, Counted>();
  private readonly thrownAway = new Map<string, PersonalKey>();
  private taken = 0;
  private onLedger = -1;
  /** How many events had unsealed personal values. */
  sealed = 0;

  constructor(
    private readonly survey: Survey,
    private readonly ledgerId: string,
    private readonly continued: LedgerContinued,
    keys: SealingKeys,
  ) {
    this.sealer = new FactSealer(keys);
  }

  /** Returns the copy's form of the next events. @throws StoreError if their keys can't be stored. */
  async of(page: readonly StoredEvent[]): Promise<PlacedEvent[]> {
    const facts = new Map<StoredEvent, Fact>();
    for (const event of page) {
      const fact = readFact(event.type, event.body);
      if (fact !== undefined && fact.sealed === undefined) facts.set(event, fact);
    }
    const kept = [...facts].filter(([event, fact]) => !this.isErased(event, fact));
    const keys = await this.sealer.keysFor(kept.map(([, fact]) => fact));
    const events: PlacedEvent[] = [];
    for (const event of page) {
      for (const placed of this.one(event, facts.get(event), keys)) {
        this.edge.add(leafHash(leafText(placed)));
        events.push(placed);
      }
      this.taken += 1;
      if (this.survey.closeSizes.has(this.taken)) {
        this.countedAt.set(this.taken, { size: this.edge.size, root: this.edge.root() });
      }
    }
    return events;
  }

  private one(
    event: StoredEvent,
    fact: Fact | undefined,
    keys: ReadonlyMap<string, PersonalKey>,
  ): PlacedEvent[] {
    const { stream, type, id, recordedAt, revision } = event;
    if (fact !== undefined) {
      const body = this.sealedBody(event, fact, keys);
      return [{ stream, type, id, recordedAt, revision, body }];
    }
    if (type === LEDGER_EVENTS.restored) return [];
    const body = this.ownBody(event);
    if (stream !== LEDGER_STREAM) return [{ stream, type, id, recordedAt, revision, body }];
    const placed = { stream, type, id, recordedAt, body, revision: (this.onLedger += 1) };
    if (type !== LEDGER_EVENTS.opened) return [placed];
    const second = {
      ...placed,
      id: deterministicId(LEDGER_STREAM, this.ledgerId, 'continued'),
      type: LEDGER_EVENTS.continued,
      body: writeLedgerEvent(this.continued),
      revision: (this.onLedger += 1),
    };
    return [{ ...placed, id: deterministicId(LEDGER_STREAM, this.ledgerId) }, second];
  }

  private sealedBody(
    event: StoredEvent,
    fact: Fact,
    keys: ReadonlyMap<string, PersonalKey>,
  ): string {
    const erasedKeys = this.isErased(event, fact)
      ? new Map([[fact.data.user_id, this.thrownAwayKey(fact.data.user_id)]])
      : keys;
    const stored = this.sealer.seal(fact, erasedKeys);
    if (stored.sealed === undefined) return event.body;
    this.sealed += 1;
    return writeFact(stored).body;
  }

  private ownBody({ type, body, stream, position }: StoredEvent): string {
    switch (type) {
      case LEDGER_EVENTS.opened: {
        const { data } = readLedgerEvent(type, body);
        return writeLedgerEvent({ ...data, ledger_id: this.ledgerId });
      }
      case LEDGER_EVENTS.periodClosed: {
        const { data, request } = readLedgerEvent(type, body);
        return writeLedgerEvent({ ...data, ...this.countedAt.get(data.size)! }, request);
      }
      case LEDGER_EVENTS.userErased: {
        const { data, request } = readLedgerEvent(type, body);
        const userId = userOfStream(stream);
        const thrownAway = this.thrownAway.get(userId);
        if (thrownAway === undefined || this.survey.erasedAt.get(userId) !== position) return body;
        return writeLedgerEvent({ ...data, keys: [...data.keys, thrownAway.id] }, request);
      }
      default:
        return body;
    }
  }

  private isErased({ position }: StoredEvent, { data }: Fact): boolean {
    return position < (this.survey.erasedAt.get(data.user_id) ?? 0);
  }

  /** Returns a key that is stored nowhere, so nobody can ever open what it seals. */
  private thrownAwayKey(userId: string): PersonalKey {
    const known = this.thrownAway.get(userId);
    if (known !== undefined) return known;
    const made = newPersonalKey();
    this.thrownAway.set(userId, made);
    return made;
  }
}
