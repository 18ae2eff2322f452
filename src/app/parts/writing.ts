import { Eraser } from '../../erasure/erase-user';
import type { PeriodAdder } from '../../finance/close-period';
import type { CardTrial } from '../../finance/rate-cards';
import { SessionStanding } from '../../finance/void-session';
import { LedgerWriter } from '../../ledger/ledger-writer';
import { Recorder } from '../../ledger/recorder';
import { TracedRecorder } from '../../tracing/traced-recorder';
import { openFinanceThreads, PooledCardTrial, PooledPeriodAdder } from './finance-on-threads';
import type { Parts } from './parts';
import { reportTo, type Start } from './start';

/** Everything that appends events, and the checks that finance makes first. */
export interface Writing {
  /** Records producers' facts. */
  readonly recorder: Recorder;
  /** Records finance's decisions. */
  readonly ledgerWriter: LedgerWriter;
  readonly cardTrial: CardTrial;
  readonly periodAdder: PeriodAdder;
  readonly sessionStanding: SessionStanding;
  readonly eraser: Eraser;
}

export function openWriting(
  start: Start,
  parts: Pick<Parts, 'telemetry' | 'storage' | 'cluster' | 'projection' | 'personal'>,
): Writing {
  const { config, now, opened } = start;
  const { storage, cluster, personal } = parts;
  const { projector } = parts.projection;
  const { commits } = parts.telemetry;
  const { store, readModel, lastStamp } = storage;
  const { recordedSessions } = config.memory;
  const threads = openFinanceThreads(start);
  const recordedWith = [
    store,
    now,
    personal.keys,
    lastStamp,
    cluster.gate,
    recordedSessions,
  ] as const;
  const recorder = opened.keep(
    commits === undefined
      ? new Recorder(...recordedWith)
      : new TracedRecorder(...recordedWith).followedBy(commits),
  );
  return {
    recorder,
    ledgerWriter: new LedgerWriter(store, recorder, projector, readModel),
    cardTrial: new PooledCardTrial(threads),
    periodAdder: new PooledPeriodAdder(threads),
    sessionStanding: new SessionStanding(store, storage.tables.rowsToRead),
    eraser: new Eraser({
      store,
      recorder,
      projector,
      readModel,
      keys: personal.keys,
      forget: () => personal.forgetting.forget(),
      report: reportTo('personal keys'),
    }),
  };
}
