import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { EventStore, NewEvent } from '../../src/event-store/port';

/** An event as an older version stored it, and its stream. */
interface FrozenEvent extends NewEvent {
  readonly stream: string;
}

/** Reads a ledger from `test/fixtures`. Such files never change. */
export function frozenLedger(name: string): readonly FrozenEvent[] {
  return readFileSync(join(__dirname, '../fixtures', name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as FrozenEvent);
}

/** Appends frozen events to their streams. Returns the position of the last one. */
export async function appendFrozen(
  store: EventStore,
  events: readonly FrozenEvent[],
): Promise<number> {
  const revisions = new Map<string, number>();
  let head = 0;
  for (const { stream, ...event } of events) {
    const expectedRevision = revisions.get(stream) ?? -1;
    const [outcome] = await store.append([{ stream, expectedRevision, events: [event] }]);
    if (outcome!.status !== 'appended') throw new Error(`The event was not appended: ${event.id}`);
    head = outcome!.positions.at(-1)!;
    revisions.set(stream, expectedRevision + 1);
  }
  return head;
}
