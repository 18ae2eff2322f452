import { join } from 'node:path';

import type { Config } from '../../config/config';
import type { EventStoreChoice } from '../../config/event-store';
import type { Agreement } from '../../domain/account/agreement';
import type { StoredEvent } from '../../event-store/port';
import { startThread, type ThreadPort } from '../../lib/thread';
import { SplitFacts, type FactsFolder } from '../../projections/split-facts';
import { UsersFolder } from '../../projections/users-folder';
import type { RowChanges } from '../../read-model/rows';
import { connect } from '../../read-model/sqlite/connect';
import { SqliteRowStore } from '../../read-model/sqlite/sqlite-row-store';
import { Peer } from '../../threads/peer';
import { heapOf } from './heap';
import { logPrinted } from './printed';
import { openThreadReader } from './stores';

interface FoldCalls {
  readonly fold: {
    readonly asked: {
      readonly events: readonly StoredEvent[];
      /** Omitted if unchanged since the last call: sending it costs a copy. */
      readonly agreement: Agreement | undefined;
    };
    readonly answer: RowChanges;
  };
  readonly forget: { readonly asked: undefined; readonly answer: void };
  readonly close: { readonly asked: undefined; readonly answer: void };
}

/** What a folding thread reads. Each thread folds the facts of some of the users. */
export interface FolderData {
  readonly eventStore: EventStoreChoice;
  /** The SQLite file of the read model. Another thread fills it. */
  readonly file: string;
}

/** The program of a folding thread. */
export function runFolder(port: ThreadPort, { eventStore, file }: FolderData): void {
  const db = connect(file);
  const opening = openThreadReader(eventStore).then((store) => ({
    store,
    folder: new UsersFolder(store, new SqliteRowStore(db)),
  }));
  let known: Agreement | undefined;
  new Peer<Record<never, never>, FoldCalls>(
    port,
    {
      fold: async ({ events, agreement = known }) => {
        known = agreement;
        return (await opening).folder.fold(events, agreement!);
      },
      forget: async () => (await opening).folder.forget(),
      close: async () => {
        db.close();
        await (await opening).store.close();
      },
    },
    () => undefined,
  );
}

/** Threads that fold facts in parallel until they are closed. */
export interface OpenFolders {
  readonly split: SplitFacts;
  close(): Promise<void>;
}

/**
 * Starts threads that fold facts for a read model in a SQLite file.
 * @param report gets errors of work that nobody waits for.
 */
export function openFolders(
  config: Pick<Config, 'eventStore' | 'limits'>,
  file: string,
  threads: number,
  report: (error: unknown) => void,
): OpenFolders {
  const data: FolderData = { eventStore: config.eventStore, file };
  const folders = Array.from({ length: threads }, () => startFolder(config, data, report));
  return {
    split: new SplitFacts(folders),
    close: async () => {
      await Promise.all(folders.map((folder) => folder.close()));
    },
  };
}

function startFolder(
  config: Pick<Config, 'limits'>,
  data: FolderData,
  report: (error: unknown) => void,
): FactsFolder & { close(): Promise<void> } {
  const program = { file: join(__dirname, 'fold-thread.js'), run: runFolder };
  const limits = heapOf(config);
  const thread = startThread(program, data, limits, logPrinted);
  const peer = new Peer<FoldCalls, Record<never, never>>(thread.port, {}, report);
  void thread.ended.then((why) => {
    peer.end(why ?? new Error('The thread that folds facts was terminated.'));
  });
  let told: Agreement | undefined;
  return {
    fold: (events, agreement) => {
      const isTold = agreement === told;
      told = agreement;
      return peer.ask('fold', { events, agreement: isTold ? undefined : agreement });
    },
    forget: () => peer.tell('forget', undefined),
    close: async () => {
      // If the thread ended by itself, its pending calls have already failed with the reason.
      await peer.ask('close', undefined).catch(() => undefined);
      await thread.terminate();
    },
  };
}
