import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { adoptKept } from '../app/adopt-kept';
import { makePastReadModel } from '../app/past-read-model';
import { openCopySource, openCopyTarget } from '../app/stores';
import { openVault } from '../app/open-vault';
import type { Vault } from '../app/vault';
import { readConfig } from '../config/config';
import { describeEventStore, type EventStoreChoice } from '../config/event-store';
import { printInstant } from '../domain/time';
import type { EventStore, EventStoreTarget, Position } from '../event-store/port';
import { syncNow } from '../lib/sync-folder';
import { ledgerIdIn } from '../ledger/open-ledger';
import { checkIsLedger } from '../migration/beginning';
import { checkSealed, type CheckedCopy } from '../migration/check-sealed';
import { compareBills } from '../migration/compare-bills';
import { sealLedger } from '../migration/seal';
import { SealedForm } from '../migration/sealed-form';
import { survey, type Survey } from '../migration/survey';
import { adoptPersonalKeys } from '../personal/adopt-personal-keys';
import { KeptPersonalKeys } from '../personal/kept-personal-keys';
import { LedgerSigner } from '../proofs/signed-root/ledger-signer';
import type { SignedHead } from '../security/signed-head';
import { Bars, choicesOf, type Place } from './migrate-store';
import { makeWayFor } from './make-way-for';
import { UsageError } from './usage-error';
import { counted, oneOrMany } from '../lib/counted';

export interface SealOptions {
  readonly from: Place;
  readonly to: Place;
  /** The new ledger's DATA_DIR. It must not exist yet, or be empty. */
  readonly folder: string;
  readonly json: boolean;
}

/** What the command prints with `--json`. */
interface Sealed {
  readonly ledger_id: string;
  readonly continues: string;
  readonly events: number;
  readonly sealed: number;
  readonly root: string;
  readonly rows_compared: number;
}

const INITIAL_KEYS = 'initial-keys.json';

/**
 * `migrate-store --seal`: writes a new ledger with the facts of one whose personal values were not sealed, and compares
 * the two. Until everything is right, the folder has another name, so that nobody starts with an incomplete ledger.
 */
export async function runSealLedger({ from, to, folder, json }: SealOptions): Promise<void> {
  const data = resolve(folder);
  const work = `${data}.unfinished`;
  const { source: choice, target } = sidesOf(from, to, work);
  makeWayFor('--to-data-dir', data);
  // What an interrupted run left behind is useless: sealing again gives different texts.
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true, mode: 0o700 });
  console.error(`Ledger: ${describeEventStore(choice)}; sealed in: ${data}`);
  const progress = new Bars(!json);
  const source = await openCopySource(choice);
  try {
    const sealed = await new Sealing(source, work, target, progress).run();
    progress.stop();
    // Its name says that it is complete, so everything in it must be on disk first.
    syncNow(work);
    renameSync(work, data);
    syncNow(dirname(data));
    if (json) console.log(JSON.stringify(sealed));
    else print(sealed, data, to.url === undefined ? undefined : target);
  } finally {
    progress.stop();
    await source.close();
  }
}

function sidesOf(from: Place, to: Place, work: string) {
  const given = to.url === undefined ? { url: join(work, 'events.db'), prefix: to.prefix } : to;
  return choicesOf({ from, to: given });
}

class Sealing {
  private readonly config = readConfig(process.env, Date.now());
  private readonly now = Date.now();
  private readonly ledgerId = randomUUID();

  constructor(
    private readonly source: EventStore,
    private readonly work: string,
    private readonly choice: EventStoreChoice,
    private readonly progress: Bars,
  ) {}

  async run(): Promise<Sealed> {
    await checkIsLedger(this.source);
    const target = await openCopyTarget(this.choice);
    try {
      if ((await target.head()) > 0) {
        throw new UsageError(
          'The store to seal into is not empty. Name another file or another --to-prefix: what an interrupted run left behind cannot be continued.',
        );
      }
      const sourceId = await ledgerIdIn(this.source);
      const from = await openVault(this.config, sourceId);
      try {
        const readModel = { kind: 'sqlite', path: join(this.work, 'read-models.db') } as const;
        const place = { ...this.config, dataDir: this.work, readModel };
        const to = await openVault(place, this.ledgerId);
        try {
          return await this.seal(sourceId, target, from, to);
        } finally {
          await to.close();
        }
      } finally {
        await from.close();
      }
    } finally {
      await target.close();
    }
  }

  private async seal(
    sourceId: string,
    target: EventStoreTarget,
    from: Vault,
    to: Vault,
  ): Promise<Sealed> {
    const { source, progress } = this;
    const head = await source.head();
    const show = (label: string) => (position: Position) =>
      progress.show(label, 'positions', position, head);
    const newest = await from.roots.newest();
    const signedSizes = [newest, await from.heads.signedHead()].flatMap((one) => one?.size ?? []);
    const surveyed = await survey(source, signedSizes, show('reading'));
    const signer = await LedgerSigner.of(sourceId, from.signingKeys, this.now, from.roots);
    const note = await lastRoot(surveyed, signer, from);
    await adoptVault(from, to, this.config.dataDir, this.work);
    const keys = new KeptPersonalKeys(to.tables, () => this.now);
    const form = new SealedForm(
      surveyed,
      this.ledgerId,
      {
        ledger_id: sourceId,
        size: surveyed.size,
        root: surveyed.root,
        note,
        verifier_keys: signer.verifierKeys,
        sealed_at: printInstant(this.now),
      },
      keys,
    );
    await sealLedger(source, target, form, show('sealing'));
    const checked = await checkSealed(
      source,
      target,
      surveyed,
      { source: new KeptPersonalKeys(from.tables, () => this.now), target: keys },
      await followedTo(to),
      show('comparing'),
    );
    await settleVault(to, keys, checked);
    const rows = await compareBills(source, target, makePastReadModel, surveyed.size, checked.size);
    if ((await source.head()) > head) {
      throw new Error(
        'The source has grown during the copy. Stop whatever writes to it, and run this again.',
      );
    }
    const { size: events, root } = checked;
    return {
      ledger_id: this.ledgerId,
      continues: sourceId,
      events,
      sealed: form.sealed,
      root,
      rows_compared: rows,
    };
  }
}

/**
 * Signs the last root of the ledger that ends here. As before any other signature, the ledger must continue the newest
 * kept root and the signed head (ADR 0047).
 * @throws Error if it does not, or if another process signs at the same time.
 */
async function lastRoot(
  { size, root, rootsAt }: Survey,
  signer: LedgerSigner,
  { roots, heads }: Vault,
): Promise<string> {
  const newest = await roots.newest();
  const checked = newest === undefined ? undefined : signer.check(newest.note);
  const head = await heads.signedHead();
  const holds = (one: SignedHead) => rootsAt.get(one.size) === one.root;
  const isKeptTrue = checked === undefined || ('signed' in checked && holds(checked.signed));
  if (!isKeptTrue || (head !== undefined && !holds(head))) {
    throw new Error(
      'The ledger does not continue what was signed before, so it is not sealed. Run `verify`, which says where. If the ledger was restored from a backup, run `accept-restore` first (docs/how-to/back-up-and-restore.md).',
    );
  }
  if (!(await heads.moveSignedHead(head, { size, root }))) {
    throw new Error(
      'Another process signs for this ledger. Stop every service, and run this again.',
    );
  }
  const note = signer.sign(size, root);
  await roots.keep({ size, note }, true);
  return note;
}

/** Copies what must survive: callers' API keys, webhook secrets, and the keys of values that are already sealed. */
async function adoptVault(from: Vault, to: Vault, dataDir: string, work: string): Promise<void> {
  await to.apiKeys.adopt(await from.apiKeys.pepper(), await from.apiKeys.all());
  await adoptKept(from.tables, to.tables);
  await adoptPersonalKeys(from.tables, to.tables);
  const initial = join(dataDir, INITIAL_KEYS);
  if (!existsSync(initial)) return;
  const copy = join(work, INITIAL_KEYS);
  copyFileSync(initial, copy);
  syncNow(copy);
}

/** Returns the source positions that the ledger's followers had reached. */
async function followedTo({ tables }: Vault): Promise<number[]> {
  const rows = await tables.all<{ position: number | string }>('SELECT position FROM follower');
  return rows.map(({ position }) => Number(position));
}

/** Converts the followers' positions and the erasures to positions of the copy. */
async function settleVault(
  { tables }: Vault,
  keys: KeptPersonalKeys,
  { erasures, placeOf }: CheckedCopy,
): Promise<void> {
  const rows = await tables.all<{ name: string; position: number | string }>(
    'SELECT name, position FROM follower',
  );
  await tables.batch(
    rows.map(({ name, position }) => ({
      sql: 'UPDATE follower SET position = ? WHERE name = ?',
      values: [placeOf(Number(position) as Position), name],
    })),
  );
  await keys.destroy(erasures);
}

function print(
  { ledger_id, continues, events, sealed, root, rows_compared }: Sealed,
  folder: string,
  target: EventStoreChoice | undefined,
): void {
  console.log(
    `${counted(events, 'event')} ${oneOrMany(events, 'is', 'are')} in the new ledger ${ledger_id}; in ${sealed} of them, personal values were newly sealed.`,
  );
  console.log(
    `Its second event names the last signed root of the ledger ${continues}. Its own Merkle root is ${root}.`,
  );
  console.log(
    `Every event says the same in both ledgers, and ${counted(rows_compared, 'row')} of statements, days and totals ${oneOrMany(rows_compared, 'is', 'are')} equal.`,
  );
  const store =
    target === undefined ? '' : ` and EVENT_STORE_URL set to ${describeEventStore(target)}`;
  console.log(
    `Start the service with DATA_DIR=${folder}${store}. API keys, webhooks and alerts are the same. Earlier bundles and proofs belong to the old ledger. Once you are satisfied with it, destroy the old ledger and its backups: personal values are readable there.`,
  );
}
