import { Leaks } from '../../audit/leaks';
import { Backlog } from '../../metrics/backlog';
import { Metrics, type Waiting } from '../../metrics/metrics';
import type { Answers } from '../../snapshots/answers';
import { CommitSpans } from '../../tracing/commit-spans';
import { openTracing } from '../../tracing/open-tracing';
import type { Parts } from './parts';
import { reportTo, type Start } from './start';

const WAITING_EVERY_MS = 60_000;

/** What the service reports about itself: always metrics, and spans if a collector is configured. */
export interface Telemetry {
  readonly meter: Meter;
  /** `undefined` if no collector is configured. */
  readonly commits: CommitSpans | undefined;
}

export function openTelemetry({ config, opened }: Start): Telemetry {
  if (config.tracing !== undefined) opened.atClose(openTracing(config.tracing));
  return {
    meter: opened.keep(makeMeter(reportTo('metrics'))),
    commits: config.tracing && new CommitSpans(),
  };
}

/** The parts from which metrics are read. */
type Metered = Pick<
  Parts,
  | 'storage'
  | 'cluster'
  | 'projection'
  | 'telling'
  | 'proofs'
  | 'writing'
  | 'reading'
  | 'backgroundCheck'
>;

/** The metrics of a service. Each scrape reads its parts. */
interface Meter {
  readonly metrics: Metrics;
  /** Sets the parts once all are open. No scrape can come before that. */
  watch(parts: Metered): void;
  close(): Promise<void>;
}

function makeMeter(report: (error: unknown) => void): Meter {
  let parts: Metered | undefined;
  let eventsProjected = 0;
  let stopWatching: (() => void) | undefined;
  const backlog = new Backlog(() => parts?.storage.ledgerHead.position ?? 0);
  const waiting = new WaitingLook(() => parts?.reading.answers, report);
  const metrics = new Metrics(() => {
    if (parts === undefined) throw new Error('The service has not started yet.');
    const { projector, rebuilds } = parts.projection;
    const { keeper, outsiders } = parts.proofs;
    const { position, trouble } = projector.status();
    return {
      queuedEvents: parts.writing.recorder.queued,
      head: parts.storage.ledgerHead.position,
      projected: position,
      eventsBehind: parts.storage.ledgerHead.behind(position),
      eventsProjected,
      secondsBehind: backlog.secondsBehind(position),
      projectionTrouble: trouble !== undefined,
      advances: parts.cluster.lease.held,
      signedSize: keeper.signedSize,
      signingTrouble: keeper.trouble !== undefined,
      witnesses: outsiders.witnesses,
      webhooks: parts.telling.waiting(),
      jobs: {
        ...parts.reading.auditJobs.counts(),
        rebuild: rebuilds.counts(),
        reconciliation: parts.reading.reconciliations.counts(),
      },
      waiting: waiting.latest(),
      backgroundCheck: parts.backgroundCheck.status(),
    };
  });
  return {
    metrics,
    watch: (all) => {
      parts = all;
      stopWatching = all.projection.projector.advances.add(({ size }) => (eventsProjected = size));
    },
    close: async () => {
      stopWatching?.();
      backlog.close();
      await waiting.close();
    },
  };
}

/** Totals the attempts without a log, in the background: at most once a minute, and only while metrics are scraped. */
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
