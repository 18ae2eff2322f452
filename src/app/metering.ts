import { Leaks } from '../audit/leaks';
import type { Cluster } from '../cluster/cluster';
import type { LedgerHead } from '../ledger/ledger-head';
import type { Recorder } from '../ledger/recorder';
import { Backlog } from '../metrics/backlog';
import { Metrics, type Waiting } from '../metrics/metrics';
import type { ThreadedProjector } from '../projections/hosted/threaded-projector';
import type { RootKeeper } from '../proofs/signed-root/root-keeper';
import type { AuditJobs } from '../replay/audit-jobs';
import type { Rebuilds } from '../replay/rebuilds';
import type { BackgroundCheck } from '../verify/background-check';
import type { Answers } from '../snapshots/answers';
import type { Outsiders } from './outsiders';
import type { Telling } from './telling';

const WAITING_EVERY_MS = 60_000;

/** What the metrics are read from. */
interface Metered {
  readonly recorder: Pick<Recorder, 'queued'>;
  readonly ledgerHead: LedgerHead;
  readonly projector: Pick<ThreadedProjector, 'status'>;
  readonly cluster: Cluster;
  readonly background: Pick<BackgroundCheck, 'status'>;
  readonly keeper: RootKeeper;
  readonly outsiders: Pick<Outsiders, 'witnesses'>;
  readonly telling: Pick<Telling, 'waiting'>;
  readonly auditJobs: Pick<AuditJobs, 'counts'>;
  readonly rebuilds: Pick<Rebuilds, 'counts'>;
  readonly answers: Pick<Answers, 'ask'>;
}

/** The metrics of a service, which reads its parts when somebody asks. */
export interface Meter {
  readonly metrics: Metrics;
  /** Gives it the parts, once they are all there; until then nothing can ask. */
  watch(parts: Metered): void;
  close(): Promise<void>;
}

export function makeMeter(report: (error: unknown) => void): Meter {
  let parts: Metered | undefined;
  const backlog = new Backlog(() => parts?.ledgerHead.position ?? 0);
  const waiting = new WaitingLook(() => parts?.answers, report);
  const metrics = new Metrics(() => {
    if (parts === undefined) throw new Error('The service is not there yet.');
    const { recorder, ledgerHead, projector, cluster, keeper, auditJobs, rebuilds } = parts;
    const { witnesses } = parts.outsiders;
    const { position, trouble } = projector.status();
    return {
      queuedEvents: recorder.queued,
      head: ledgerHead.position,
      projected: position,
      secondsBehind: backlog.secondsBehind(position),
      projectionTrouble: trouble !== undefined,
      advances: cluster.lease.held,
      signedSize: keeper.signedSize,
      signingTrouble: keeper.trouble !== undefined,
      witnesses,
      webhooks: parts.telling.waiting(),
      jobs: { ...auditJobs.counts(), rebuild: rebuilds.counts() },
      waiting: waiting.latest(),
      backgroundCheck: parts.background.status(),
    };
  });
  return {
    metrics,
    watch: (all) => (parts = all),
    close: async () => {
      backlog.close();
      await waiting.close();
    },
  };
}

/** Looks at what waits, in the background, at most once a minute and only while somebody asks. */
class WaitingLook {
  private known: readonly Waiting[] | undefined;
  private lookedAt = -Infinity;
  private looking: Promise<void> | undefined;
  private readonly closing = new AbortController();

  constructor(
    private readonly answers: () => Pick<Answers, 'ask'> | undefined,
    private readonly report: (error: unknown) => void,
  ) {}

  latest(): readonly Waiting[] | undefined {
    if (performance.now() - this.lookedAt > WAITING_EVERY_MS) {
      this.looking ??= this.look().finally(() => (this.looking = undefined));
    }
    return this.known;
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.looking;
  }

  private async look(): Promise<void> {
    this.lookedAt = performance.now();
    const { signal } = this.closing;
    const all = new Leaks(undefined, 0, undefined, 1, undefined);
    try {
      const report = await this.answers()?.ask(all, { signal });
      this.known = report?.totals ?? undefined;
    } catch (error) {
      if (!signal.aborted) this.report(error);
    }
  }
}
