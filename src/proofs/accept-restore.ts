import { randomUUID } from 'node:crypto';

import {
  LEDGER_EVENTS,
  LEDGER_STREAM,
  readLedgerEvent,
  writeLedgerEvent,
  type GivenUpRoot,
  type LedgerRestored,
} from '../domain/ledger';
import { leafHash, leafText, MerkleEdge } from '../domain/merkle';
import { StoreError } from '../event-store/errors';
import { START, type EventReader, type EventStore, type Position } from '../event-store/port';
import { lastRevisionOf } from '../ledger/last-revision';
import type { SignedHeads } from '../security/signed-head';
import type { LedgerSigner } from './signed-root/ledger-signer';
import { faultOfRestore } from './signed-root/restore-note';
import type { KeptRoot, RootArchive } from './signed-root/root-archive';
import { counted } from '../lib/counted';

const PAGE = 2_000;

export interface RestoreParts {
  /** Must be held by this process alone: no service may run on it. */
  readonly store: EventStore;
  readonly signer: LedgerSigner;
  readonly heads: SignedHeads;
  readonly roots: Pick<RootArchive, 'all' | 'cosigned' | 'givenUp' | 'giveUp'>;
}

/** What giving up signed roots would do, or did. */
export interface RestorePlan {
  /** The number of events in the ledger, and their root. */
  readonly size: number;
  readonly root: string;
  /** How many signed roots the ledger still continues. */
  readonly holding: number;
  /** The signed roots that the ledger does not continue, by ascending size. */
  readonly givenUp: readonly GivenUpRoot[];
  /** The roots among them that an earlier, interrupted run has already written to the ledger. */
  readonly written: readonly GivenUpRoot[];
}

/**
 * Finds the signed roots that a restored ledger does not continue. Changes nothing.
 * @throws Error if a kept root can't be trusted, because it is then unknown what was signed.
 */
export async function planRestore({
  store,
  signer,
  heads,
  roots,
}: RestoreParts): Promise<RestorePlan> {
  const signed = await signedRoots(signer, heads, roots);
  const aside = (await roots.givenUp()).map((one) => readKept(signer, one, 'given-up'));
  const ledger = await scan(store, new Set([...signed, ...aside].map(({ size }) => size)));
  const written = ledger.restores
    .filter((one) => faultOfRestore(one, signer.origin, signer.verifierKeys) === undefined)
    .flatMap(({ given_up }) => given_up);
  const isLost = ({ size, root }: GivenUpRoot) => ledger.roots.get(size) !== root;
  const isIn = (all: readonly GivenUpRoot[]) => (one: GivenUpRoot) =>
    all.some((other) => isSame(one, other));
  const lost = signed.filter(isLost);
  // Restoring again from the same backup removes the event that gave up the roots set aside before.
  const unnamed = distinct(aside).filter((one) => isLost(one) && !isIn([...written, ...lost])(one));
  return {
    size: ledger.size,
    root: ledger.root,
    holding: signed.length - lost.length,
    givenUp: [...lost, ...unnamed].sort(bySize),
    written: lost.filter(isIn(written)),
  };
}

/**
 * Gives up the roots that a plan names. Writes a signed event about it to the ledger, sets the roots aside as evidence,
 * and lets signing continue from the existing events. If an interrupted run is repeated, it finishes and writes nothing
 * twice.
 */
export async function acceptRestore(
  { store, signer, heads, roots }: RestoreParts,
  plan: RestorePlan,
  said: { readonly reason: string; readonly author: string; readonly now: number },
): Promise<void> {
  const { size, root, givenUp, written } = plan;
  if (written.length < givenUp.length) {
    const { reason, author, now } = said;
    const note = signer.signRestore(size, root, givenUp);
    await append(store, { size, root, given_up: givenUp, reason, author, note }, now);
  }
  const head = await heads.signedHead();
  if (!(await heads.moveSignedHead(head, { size, root }))) {
    throw new Error(
      'Another process signs for this ledger. Stop every service, and run this again.',
    );
  }
  for (const one of givenUp) await roots.giveUp(one);
}

/** Returns all signed roots that still count: the kept ones, those that witnesses cosigned, and the signed head. */
async function signedRoots(
  signer: LedgerSigner,
  heads: SignedHeads,
  roots: RestoreParts['roots'],
): Promise<GivenUpRoot[]> {
  const all: GivenUpRoot[] = [];
  for await (const { size, note } of roots.all()) {
    all.push(readKept(signer, { size, note }, 'kept'));
  }
  for (const one of await roots.cosigned()) all.push(readKept(signer, one, 'cosigned'));
  const head = await heads.signedHead();
  if (head !== undefined) all.push(head);
  return distinct(all).sort(bySize);
}

/** @throws Error if the root can't be trusted. */
function readKept(signer: LedgerSigner, { size, note }: KeptRoot, what: string): GivenUpRoot {
  const checked = signer.check(note);
  if ('signed' in checked && checked.signed.size === size) {
    return { size, root: checked.signed.root };
  }
  const why = 'fault' in checked ? checked.fault : 'It is signed for another size.';
  throw new Error(
    `The ${what} root of ${counted(size, 'event')} can't be trusted: ${why} Move it out of checkpoints/ and find out where it came from. Then run this again.`,
  );
}

function distinct(roots: readonly GivenUpRoot[]): GivenUpRoot[] {
  const byText = roots.map((one) => [`${one.size} ${one.root}`, one] as const);
  return [...new Map(byText).values()];
}

function bySize(a: GivenUpRoot, b: GivenUpRoot): number {
  return a.size - b.size;
}

interface ScannedLedger {
  readonly size: number;
  readonly root: string;
  /** By size, at the requested sizes. */
  readonly roots: ReadonlyMap<number, string>;
  readonly restores: readonly LedgerRestored[];
}

async function scan(
  store: Pick<EventReader, 'readAll'>,
  sizes: ReadonlySet<number>,
): Promise<ScannedLedger> {
  const edge = MerkleEdge.of(0, []);
  const roots = new Map<number, string>();
  const restores: LedgerRestored[] = [];
  for (let after: Position = START; ;) {
    const page = await store.readAll(after, PAGE);
    for (const event of page) {
      edge.add(leafHash(leafText(event)));
      if (sizes.has(edge.size)) roots.set(edge.size, edge.root());
      if (event.type === LEDGER_EVENTS.restored) {
        restores.push(readLedgerEvent(LEDGER_EVENTS.restored, event.body).data);
      }
    }
    const last = page.at(-1);
    if (last === undefined) return { size: edge.size, root: edge.root(), roots, restores };
    after = last.position;
  }
}

async function append(store: EventStore, data: LedgerRestored, now: number): Promise<void> {
  const stream = LEDGER_STREAM;
  const revision = await lastRevisionOf(store, stream);
  const recordedAt = Math.max(now, (await store.last())?.recordedAt ?? 0);
  const event = { id: randomUUID(), type: LEDGER_EVENTS.restored, body: writeLedgerEvent(data) };
  const [outcome] = await store.append([
    { stream, expectedRevision: revision, events: [{ ...event, recordedAt }] },
  ]);
  if (outcome!.status === 'failed') throw outcome!.error;
  if (outcome!.status === 'conflict') {
    throw new StoreError(
      'unavailable',
      'Another process wrote to the ledger in the meantime. Stop every service, and run this again.',
    );
  }
}

function isSame(a: GivenUpRoot, b: GivenUpRoot): boolean {
  return a.size === b.size && a.root === b.root;
}
