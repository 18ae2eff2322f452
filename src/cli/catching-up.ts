import { setTimeout as sleep } from 'node:timers/promises';

import { placeOf } from '../snapshots/live-snapshot';
import type { LiveParts } from '../snapshots/parts';

/** How long to wait for the live read model to catch up, if a service is filling it, in milliseconds. */
const CATCH_UP_MS = 2_000;
const ASK_AGAIN_MS = 50;

type Live = Awaited<ReturnType<LiveParts['openLive']>>;

/**
 * Waits a moment for the live read model to catch up with the ledger. It may not, for example because no service is
 * running. Returns the ledger's head in that case; otherwise `undefined`.
 */
export async function headNotReached(
  { store }: Pick<LiveParts, 'store'>,
  live: Live,
): Promise<number | undefined> {
  const head = await store.head();
  for (const until = performance.now() + CATCH_UP_MS; performance.now() < until;) {
    if ((await placeOf(live.queries)).position >= head) return undefined;
    await sleep(ASK_AGAIN_MS);
  }
  return head;
}

/** Returns the `as_of` to read: none if the live read model has caught up; if not, the ledger's head, and says so. */
export async function placeToRead(
  parts: Pick<LiveParts, 'store'>,
  live: Live,
): Promise<string | undefined> {
  const head = await headNotReached(parts, live);
  if (head === undefined) return undefined;
  console.error('The read model lags behind the ledger: reading the events instead.');
  return String(head);
}
