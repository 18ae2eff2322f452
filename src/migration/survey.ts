import { LEDGER_EVENTS, readLedgerEvent, userOfStream, type LedgerOpened } from '../domain/ledger';
import { leafHash, leafText, MerkleEdge } from '../domain/merkle';
import type { EventReader, Position } from '../event-store/port';
import { pagesOf } from './pages';

/** What must be known about a ledger before its first event is written elsewhere. */
export interface Survey {
  readonly opened: LedgerOpened;
  readonly size: number;
  /** Lower-case hex. */
  readonly root: string;
  /** The roots at the requested sizes. */
  readonly rootsAt: ReadonlyMap<number, string>;
  /** The position of the last erasure of each erased user. */
  readonly erasedAt: ReadonlyMap<string, Position>;
  /** The number of events that each close counts. */
  readonly closeSizes: ReadonlySet<number>;
}

/** Reads a ledger from the first event to the last. @param sizes the sizes whose roots to compute. */
export async function survey(
  source: Pick<EventReader, 'readAll'>,
  sizes: readonly number[],
  onProgress: (position: Position) => void,
): Promise<Survey> {
  const edge = MerkleEdge.of(0, []);
  const rootsAt = new Map<number, string>();
  const erasedAt = new Map<string, Position>();
  const closeSizes = new Set<number>();
  let opened: LedgerOpened | undefined;
  for await (const page of pagesOf(source)) {
    for (const event of page) {
      edge.add(leafHash(leafText(event)));
      if (sizes.includes(edge.size)) rootsAt.set(edge.size, edge.root());
      const { type, body, stream, position } = event;
      if (type === LEDGER_EVENTS.opened) opened = readLedgerEvent(type, body).data;
      if (type === LEDGER_EVENTS.userErased) erasedAt.set(userOfStream(stream), position);
      if (type === LEDGER_EVENTS.periodClosed) {
        closeSizes.add(readLedgerEvent(type, body).data.size);
      }
    }
    onProgress(page.at(-1)!.position);
  }
  const { size } = edge;
  return { opened: opened!, size, root: edge.root(), rootsAt, erasedAt, closeSizes };
}
