import type { PersonalData, StoredFact } from '../domain/events/facts';
import { readFact, writeFact } from '../domain/events/stored';
import { LEDGER_EVENTS, readLedgerEvent, userOfStream, type PeriodClosed } from '../domain/ledger';
import { leafHash, leafText, MerkleEdge } from '../domain/merkle';
import { START, type EventReader, type Position, type StoredEvent } from '../event-store/port';
import { FactSealer } from '../ledger/fact-sealer';
import type { Erasure, SealingKeys } from '../personal/personal-keys';
import { pagesOf } from './pages';
import type { Counted } from './sealed-form';
import type { Survey } from './survey';

interface Keys {
  readonly source: SealingKeys;
  readonly target: SealingKeys;
}

/** The result of checking a sealed copy that holds what its source holds. */
export interface CheckedCopy extends Counted {
  /** The target's erasures, to be stored with its keys. */
  readonly erasures: readonly Erasure[];
  /** Returns the target's position of the last event at or before a position of the source. */
  readonly placeOf: (position: Position) => Position;
}

/**
 * Compares a ledger with its sealed copy, event by event. Each event must have the same content once its values are
 * opened; no personal value may be readable in the copy; nobody may be able to open what was erased; and closes must
 * pin the copy's own roots.
 * @param places positions of the source to translate into positions of the copy.
 * @throws Error that names the first event that is wrong.
 */
export async function checkSealed(
  source: Pick<EventReader, 'readAll'>,
  target: Pick<EventReader, 'readAll'>,
  survey: Survey,
  keys: Keys,
  places: readonly number[],
  onProgress: (position: Position) => void,
): Promise<CheckedCopy> {
  const check = new SealedCheck(survey, keys);
  const copied = eventsOf(target);
  const placed = new Map<number, Position>(places.map((place) => [place, START]));
  for await (const event of eventsOf(source)) {
    onProgress(event.position);
    if (event.type === LEDGER_EVENTS.restored) {
      check.skip();
      continue;
    }
    let copy = await copied.next();
    await check.compare(event, copy.value);
    if (event.type === LEDGER_EVENTS.opened) {
      copy = await copied.next();
      check.continued(copy.value);
    }
    for (const place of places) {
      if (event.position <= place) placed.set(place, copy.value!.position);
    }
  }
  if ((await copied.next()).value !== undefined) throw new Error('The copy has more events.');
  const { counted, erasures } = check;
  return { ...counted, erasures, placeOf: (position) => placed.get(position) ?? START };
}

class SealedCheck {
  readonly erasures: Erasure[] = [];
  private readonly edge = MerkleEdge.of(0, []);
  private readonly countedAt = new Map<number, Counted>();
  private readonly opens: { readonly source: FactSealer; readonly target: FactSealer };
  private taken = 0;

  constructor(
    private readonly survey: Survey,
    keys: Keys,
  ) {
    this.opens = { source: new FactSealer(keys.source), target: new FactSealer(keys.target) };
  }

  get counted(): Counted {
    return { size: this.edge.size, root: this.edge.root() };
  }

  /** Skips an event of the source that the copy leaves out. */
  skip(): void {
    this.took();
  }

  async compare(event: StoredEvent, copy: StoredEvent | undefined): Promise<void> {
    if (copy === undefined || !(await this.saysTheSame(event, copy))) {
      throw new Error(
        `The copy differs from the event of type ${event.type} at position ${event.position}: do not use it.`,
      );
    }
    this.edge.add(leafHash(leafText(copy)));
    this.took();
  }

  continued(copy: StoredEvent | undefined): void {
    const said =
      copy?.type === LEDGER_EVENTS.continued ? readLedgerEvent(copy.type, copy.body).data : null;
    if (said?.size !== this.survey.size || said.root !== this.survey.root) {
      throw new Error("The copy's second event does not name the first ledger's last root.");
    }
    this.edge.add(leafHash(leafText(copy!)));
  }

  private took(): void {
    this.taken += 1;
    if (this.survey.closeSizes.has(this.taken)) this.countedAt.set(this.taken, this.counted);
  }

  private async saysTheSame(event: StoredEvent, copy: StoredEvent): Promise<boolean> {
    const isOpening = event.type === LEDGER_EVENTS.opened;
    const isPlaced =
      event.stream === copy.stream &&
      event.type === copy.type &&
      event.recordedAt === copy.recordedAt &&
      (isOpening || event.id === copy.id);
    if (!isPlaced) return false;
    const fact = readFact(event.type, event.body);
    if (fact !== undefined) return this.isSameFact(event, fact, readFact(copy.type, copy.body)!);
    const [one, other] = [JSON.parse(event.body), JSON.parse(copy.body)] as [Own, Own];
    if (isOpening) return isSame({ ...one.data, ledger_id: other.data['ledger_id'] }, other.data);
    if (event.type === LEDGER_EVENTS.periodClosed) return this.isSameClose(one, other);
    if (event.type === LEDGER_EVENTS.userErased) return this.isSameErasure(one, other, copy);
    return event.body === copy.body;
  }

  private async isSameFact(
    { position }: StoredEvent,
    fact: StoredFact,
    copy: StoredFact,
  ): Promise<boolean> {
    if (Object.keys(copy.personal).length > 0) return false;
    if (readable(fact) !== readable(copy)) return false;
    if (position < (this.survey.erasedAt.get(fact.data.user_id) ?? 0)) {
      const isPersonal = fact.sealed !== undefined || Object.keys(fact.personal).length > 0;
      return (
        isPersonal === (copy.sealed !== undefined) &&
        (!isPersonal || (await this.opens.target.open(copy)) === undefined)
      );
    }
    const [one, other] = [await this.opens.source.open(fact), await this.opens.target.open(copy)];
    return isSame(one ?? null, other ?? null);
  }

  private isSameClose(one: Own, other: Own): boolean {
    const { size } = one.data as unknown as PeriodClosed;
    const expected = { ...one, data: { ...one.data, ...this.countedAt.get(size) } };
    return isSame(expected, other);
  }

  private isSameErasure(one: Own, other: Own, { id, stream, position, recordedAt }: StoredEvent) {
    const keys = other.data['keys'] as string[];
    this.erasures.push({
      eventId: id,
      userId: userOfStream(stream),
      position,
      erasedAt: recordedAt,
      keys,
    });
    const before = one.data['keys'] as string[];
    return (
      isSame(before, keys.slice(0, before.length)) &&
      isSame({ ...one, data: { ...one.data, keys } }, other)
    );
  }
}

/** The part that is read here of an event that the ledger itself wrote. */
interface Own {
  readonly data: Readonly<Record<string, unknown>>;
}

/** Returns the text of a fact without its personal values. */
function readable({ kind, source, id, time, data }: StoredFact): string {
  return writeFact({ kind, source, id, time, data, personal: {} }).body;
}

function isSame(a: PersonalData | object | null, b: PersonalData | object | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

async function* eventsOf(
  store: Pick<EventReader, 'readAll'>,
): AsyncGenerator<StoredEvent, undefined> {
  for await (const page of pagesOf(store)) yield* page;
}
