import type { LedgerEntry } from '../derivation/ledger';
import { Members, readJson } from '../json';
import { DoesNotFollow } from '../problem';
import { isFactType, readFact } from './facts';
import { readLedgerEvent } from './ledger-events';

/** Version 2 of a fact has sealed personal values. Version 2 of a ledger's own event names an author. */
const VERSIONS = [1, 2];

/** The content of a leaf. */
export interface ReadLeaf {
  readonly stream: string;
  readonly type: string;
  /** Null for an event on which no amount depends. */
  readonly entry: LedgerEntry | null;
  /** The event's data, for checks elsewhere: what a close pins, and which ledger was opened. */
  readonly data: Members;
}

/**
 * Reads the text of a leaf, `{"stream","type","recorded_at","event"}`.
 * @throws DoesNotFollow if it does not have the ledger's form, or a version that this program does not know.
 */
export function readLeaf(leaf: string): ReadLeaf {
  const object = readJson(leaf, 'The leaf');
  const stream = object.text('stream');
  const type = object.text('type');
  const recordedAt = Date.parse(object.instant('recorded_at'));
  if (object.names.join() !== 'stream,type,recorded_at,event') {
    throw new DoesNotFollow('A leaf must have stream, type, recorded_at and event, in that order.');
  }
  const event = object.members('event');
  const version = event.whole('version', 0);
  if (!VERSIONS.includes(version)) {
    throw new DoesNotFollow(
      `The event has version ${version}, which this checker does not know: use the checker of a newer Minutebook.`,
    );
  }
  const data = event.members('data');
  if (isFactType(type)) {
    return { stream, type, entry: readFact(stream, type, recordedAt, event, data), data };
  }
  if (version === 2) event.members('request').text('author');
  const entry = readLedgerEvent(stream, type, recordedAt, data);
  return { stream, type, entry, data };
}
