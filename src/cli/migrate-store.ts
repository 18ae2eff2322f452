import { readConfig } from '../config/config';
import {
  describeEventStore,
  isSameStore,
  readEventStore,
  readStreamPrefix,
  type EventStoreChoice,
} from '../config/event-store';
import { copyLedger } from '../migration/copy';
import { verifyCopy, type VerifiedCopy } from '../migration/verify-copy';
import { makePastReadModel } from '../app/past-read-model';
import { openCopySource, openCopyTarget } from '../app/stores';
import { Progress, type Unit } from './progress';
import { UsageError } from './usage-error';
import { counted, oneOrMany } from '../lib/counted';

/** An event store, as given on the command line. */
export interface Place {
  readonly url: string | undefined;
  readonly prefix: string | undefined;
}

interface MigrateOptions {
  readonly from: Place;
  readonly to: Place;
  readonly json: boolean;
}

/** What the command prints with `--json`. */
interface Migrated {
  readonly events: number;
  readonly copied: number;
  readonly root: string;
  readonly rows_compared: number;
  readonly differences: number;
  readonly equal: boolean;
}

/**
 * Copies a ledger to another event store and compares the two: the same events in the same order, the same Merkle root,
 * and the same rows projected from each. Exit status 0 only if all of that holds.
 */
export async function runMigrateStore(options: MigrateOptions): Promise<void> {
  const { source: from, target: to } = choicesOf(options);
  console.error(`Ledger: ${describeEventStore(from)}; copied to: ${describeEventStore(to)}`);
  const source = await openCopySource(from);
  try {
    const target = await openCopyTarget(to);
    try {
      const progress = new Bars(!options.json);
      try {
        const { migrated, verified } = await migrate(source, target, progress);
        progress.stop();
        if (options.json) console.log(JSON.stringify(migrated));
        else print(migrated, verified, to);
        if (!migrated.equal) process.exitCode = 1;
      } finally {
        progress.stop();
      }
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function migrate(
  source: Awaited<ReturnType<typeof openCopySource>>,
  target: Awaited<ReturnType<typeof openCopyTarget>>,
  progress: Bars,
): Promise<{ migrated: Migrated; verified: VerifiedCopy }> {
  const head = await source.head();
  const { place, alreadyThere } = await copyLedger(source, target, (reached) =>
    progress.show('copying', 'positions', reached.source, head, counted(reached.size, 'event')),
  );
  const verified = await verifyCopy(source, target, place.size, makePastReadModel, (done) =>
    progress.show('comparing', 'events', done, 2 * place.size),
  );
  if ((await source.head()) > place.source) {
    throw new Error(
      'The source has grown during the copy. Stop whatever writes to it, and run the same again: it continues from here.',
    );
  }
  const equal =
    verified.differences === 0 &&
    verified.size === place.size &&
    verified.sourceRoot === verified.targetRoot;
  const migrated: Migrated = {
    events: place.size,
    copied: place.size - alreadyThere,
    root: verified.targetRoot,
    rows_compared: verified.rowsCompared,
    differences: verified.differences,
    equal,
  };
  return { migrated, verified };
}

function print(
  { events, copied, root, rows_compared, equal }: Migrated,
  { sourceRoot, items, differences }: VerifiedCopy,
  to: EventStoreChoice,
): void {
  console.log(
    `${counted(events, 'event')}, ${copied} of them copied now, ${oneOrMany(events, 'is', 'are')} in ${describeEventStore(to)}.`,
  );
  if (equal) {
    console.log(`Both ledgers have the Merkle root ${root}.`);
    console.log(
      `${counted(rows_compared, 'row')}, projected from each, ${oneOrMany(rows_compared, 'was', 'were')} compared: no difference.`,
    );
    console.log(
      'Start the service with EVENT_STORE_URL set to the copy. Keep keys.db and checkpoints/. Delete the read model: the service fills it again.',
    );
    return;
  }
  for (const { table, key, fields } of items) {
    console.log(`${table} ${Object.values(key).map(String).join(' ')}: ${fields.join(', ')}`);
  }
  console.log(
    `THE COPY IS NOT EQUAL: ${counted(differences, 'row')} ${oneOrMany(differences, 'differs', 'differ')}; do not use it.`,
  );
  console.log(`The Merkle roots are ${sourceRoot} and ${root}.`);
}

/** @throws UsageError with each mistake. */
export function choicesOf({ from, to }: Pick<MigrateOptions, 'from' | 'to'>): {
  source: EventStoreChoice;
  target: EventStoreChoice;
} {
  if (from.url === undefined && to.url === undefined) {
    throw new UsageError('Name the target of the copy: --to URL.');
  }
  const config = readConfig(process.env, Date.now());
  const mistakes: string[] = [];
  const source = choiceOf('from', from, config.dataDir, config.eventStore, mistakes);
  const target = choiceOf('to', to, config.dataDir, config.eventStore, mistakes);
  if (mistakes.length > 0) throw new UsageError(mistakes.join('\n'));
  if (isSameStore(source, target)) {
    throw new UsageError('--from and --to name the same ledger: it cannot be copied onto itself.');
  }
  return { source, target };
}

function choiceOf(
  side: 'from' | 'to',
  { url, prefix }: Place,
  dataDir: string,
  configured: EventStoreChoice,
  mistakes: string[],
): EventStoreChoice {
  if (url === undefined) {
    if (prefix === undefined) return configured;
    mistakes.push(`--${side}-prefix goes with --${side}.`);
    return configured;
  }
  const get = (given: string | undefined) => () => (given?.trim() === '' ? undefined : given);
  if (url.trim() === '') mistakes.push(`--${side} is empty.`);
  const streamPrefix = readStreamPrefix(`--${side}-prefix`, get(prefix), mistakes);
  return readEventStore(`--${side}`, get(url), dataDir, streamPrefix, mistakes);
}

/** Shows one bar for each part of the work, one after another. */
export class Bars {
  private bar: { readonly label: string; readonly progress: Progress } | undefined;

  constructor(private readonly shown: boolean) {}

  show(label: string, unit: Unit, value: number, of: number, note?: string): void {
    if (!this.shown) return;
    if (this.bar?.label !== label) {
      this.stop();
      this.bar = { label, progress: new Progress(label, unit, of) };
    }
    this.bar.progress.to(value);
    if (note !== undefined) this.bar.progress.note(note);
  }

  stop(): void {
    this.bar?.progress.stop();
    this.bar = undefined;
  }
}
