import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The state of the service when the metrics are read. */
export interface Standing {
  readonly queuedEvents: number;
  readonly head: number;
  readonly projected: number;
  /** How many recorded events the read model does not have, and how many it has. */
  readonly eventsBehind: number;
  readonly eventsProjected: number;
  readonly secondsBehind: number;
  readonly projectionTrouble: boolean;
  readonly advances: boolean;
  readonly signedSize: number;
  readonly signingTrouble: boolean;
  readonly witnesses: readonly {
    readonly name: string;
    readonly size: number;
    readonly trouble: string | undefined;
    readonly contradicts: boolean;
  }[];
  /** How many deliveries wait for each webhook; empty on an instance that does not send. */
  readonly webhooks: readonly {
    readonly webhook: string;
    readonly waiting: number;
    readonly isOff: boolean;
  }[];
  /** By kind of job, then by status. */
  readonly jobs: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Attempts that wait; `undefined` until they are first read. */
  readonly waiting: readonly Waiting[] | undefined;
  readonly backgroundCheck: {
    readonly passes: number;
    readonly events: number;
    readonly faults: number;
    /** Milliseconds since 1970. */
    readonly finishedAt: number | undefined;
    readonly trouble: string | undefined;
  };
}

/** Attempts of one kind and currency that have no usage log yet. */
export interface Waiting {
  readonly kind: string;
  readonly currency: string | null;
  readonly count: number;
  /** A decimal string, in units of the currency. */
  readonly value_at_risk: string | null;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const EVENTS = [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000];

/** All metrics of the service. Counters count since the start of the process. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly shared = { registers: [this.registry] };

  private readonly requests = new Histogram({
    name: 'minutebook_http_request_duration_seconds',
    help: 'From the first byte of a request to the last of its answer, by route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    ...this.shared,
  });
  private readonly internalErrors = new Counter({
    name: 'minutebook_internal_errors_total',
    help: 'Requests that were answered with 500.',
    ...this.shared,
  });
  private readonly verdicts = new Counter({
    name: 'minutebook_event_verdicts_total',
    help: 'Events that were sent, by verdict; rejected ones by their code.',
    labelNames: ['status', 'code'],
    ...this.shared,
  });
  private readonly appends = new Histogram({
    name: 'minutebook_append_duration_seconds',
    help: 'From the request to the event store until it is durable.',
    labelNames: ['outcome'],
    buckets: SECONDS,
    ...this.shared,
  });
  private readonly groups = new Histogram({
    name: 'minutebook_append_events',
    help: 'Events that were appended together.',
    buckets: EVENTS,
    ...this.shared,
  });
  private readonly queued = this.gauge('queued_events', 'Events that wait to be written.');
  private readonly head = this.gauge('ledger_head_position', "The ledger's last position.");
  private readonly projected = this.gauge(
    'read_model_position',
    'The position up to which the read model has everything.',
  );
  private readonly behind = this.gauge(
    'read_model_behind_events',
    'Recorded events that the read model does not have yet; an estimate on EventStoreDB.',
  );
  private readonly eventsProjected = this.gauge(
    'read_model_events',
    'Events that the read model has.',
  );
  private readonly secondsBehind = this.gauge(
    'read_model_behind_seconds',
    'The age of the oldest event that the read model does not have; an hour at most.',
  );
  private readonly projectionTrouble = this.gauge(
    'read_model_trouble',
    '1 if a fault has stopped the projection; /health/ready names it.',
  );
  private readonly advances = this.gauge(
    'instance_advances',
    '1 if this instance advances the read models.',
  );
  private readonly signedSize = this.gauge(
    'signed_root_size',
    'How many events the newest signed root covers.',
  );
  private readonly signingTrouble = this.gauge(
    'signing_trouble',
    '1 if signing has stopped; /health/ready says why.',
  );
  private readonly checkFaults = this.gauge(
    'background_check_faults',
    'How many faults the last pass of the background check found; 0 is good.',
  );
  private readonly checkPasses = this.gauge(
    'background_check_passes',
    'Passes over the whole ledger since the start of the process.',
  );
  private readonly checkEvents = this.gauge(
    'background_check_events',
    'Events that the running pass has read.',
  );
  private readonly checkFinished = this.gauge(
    'background_check_finished_timestamp_seconds',
    'When the last pass ended, in seconds since 1970; 0 before there was one.',
  );
  private readonly checkTrouble = this.gauge(
    'background_check_trouble',
    '1 if passes do not finish; /health/ready says why.',
  );
  private readonly certificateEnd = this.gauge(
    'certificate_end_timestamp_seconds',
    'When the certificate in use ends, in seconds since 1970; 0 if the service does not speak TLS.',
  );
  private readonly witnessSize = new Gauge({
    name: 'minutebook_witness_size',
    help: 'How many events are covered by the newest root that a witness cosigned.',
    labelNames: ['witness'],
    ...this.shared,
  });
  private readonly witnessTrouble = new Gauge({
    name: 'minutebook_witness_trouble',
    help: '2 if a witness has seen another history of the ledger, 1 if it did not answer with a cosignature.',
    labelNames: ['witness'],
    ...this.shared,
  });
  private readonly webhookWaiting = new Gauge({
    name: 'minutebook_webhook_deliveries_waiting',
    help: 'Deliveries that wait for a webhook, on the instance that sends; counted once a minute.',
    labelNames: ['webhook'],
    ...this.shared,
  });
  private readonly webhookOff = new Gauge({
    name: 'minutebook_webhook_turned_off',
    help: '1 if the service turned a webhook off because too much waits for it.',
    labelNames: ['webhook'],
    ...this.shared,
  });
  private readonly jobs = new Gauge({
    name: 'minutebook_jobs',
    help: 'Replays, rehearsals, rebuilds and reconciliations that are remembered, by status.',
    labelNames: ['kind', 'status'],
    ...this.shared,
  });
  private readonly waiting = new Gauge({
    name: 'minutebook_waiting_attempts',
    help: 'Attempts without a usage log: unfinished, pending or unrated. Read at most once a minute.',
    labelNames: ['kind', 'currency'],
    ...this.shared,
  });
  private readonly waitingValue = new Gauge({
    name: 'minutebook_waiting_value',
    help: 'What those attempts would cost, in units of the currency, as far as known.',
    labelNames: ['kind', 'currency'],
    ...this.shared,
  });

  /** @param standing reads the state of the service. */
  constructor(private readonly standing: () => Standing) {
    collectDefaultMetrics({ register: this.registry });
  }

  readonly contentType = this.registry.contentType;

  /** Counts an answered request. @param route as declared, not as sent. */
  answered(method: string, route: string, status: number, seconds: number): void {
    this.requests.observe({ method, route, status: String(status) }, seconds);
    if (status === 500) this.internalErrors.inc();
  }

  /** Counts verdicts on events. @param code of rejected events; empty for the others. */
  judged(status: string, code: string, count: number): void {
    this.verdicts.inc({ status, code }, count);
  }

  /** Counts a finished append. @param events that were written; 0 if it failed. */
  appended(seconds: number, events: number): void {
    this.appends.observe({ outcome: events > 0 ? 'written' : 'not_written' }, seconds);
    if (events > 0) this.groups.observe(events);
  }

  /** @param end of the certificate that is in use from now on, in milliseconds since 1970. */
  certificateEnds(end: number): void {
    this.certificateEnd.set(end / 1_000);
  }

  /** Prints the metrics in the text format of Prometheus. */
  print(): Promise<string> {
    const now = this.standing();
    this.queued.set(now.queuedEvents);
    this.head.set(now.head);
    this.projected.set(now.projected);
    this.behind.set(now.eventsBehind);
    this.eventsProjected.set(now.eventsProjected);
    this.secondsBehind.set(now.secondsBehind);
    this.projectionTrouble.set(Number(now.projectionTrouble));
    this.advances.set(Number(now.advances));
    this.signedSize.set(now.signedSize);
    this.signingTrouble.set(Number(now.signingTrouble));
    this.setChecked(now.backgroundCheck);
    for (const { name: witness, size, trouble, contradicts } of now.witnesses) {
      this.witnessSize.set({ witness }, size);
      this.witnessTrouble.set({ witness }, contradicts ? 2 : Number(trouble !== undefined));
    }
    this.setWebhooks(now.webhooks);
    this.jobs.reset();
    for (const [kind, counts] of Object.entries(now.jobs)) {
      for (const [status, count] of Object.entries(counts)) this.jobs.set({ kind, status }, count);
    }
    this.setWaiting(now.waiting ?? []);
    return this.registry.metrics();
  }

  /** Returns the names of all metrics. */
  names(): readonly string[] {
    return this.registry.getMetricsAsArray().map(({ name }) => name);
  }

  private setChecked(checked: Standing['backgroundCheck']): void {
    this.checkFaults.set(checked.faults);
    this.checkPasses.set(checked.passes);
    this.checkEvents.set(checked.events);
    this.checkFinished.set((checked.finishedAt ?? 0) / 1_000);
    this.checkTrouble.set(Number(checked.trouble !== undefined));
  }

  private setWebhooks(all: Standing['webhooks']): void {
    this.webhookWaiting.reset();
    this.webhookOff.reset();
    for (const { webhook, waiting, isOff } of all) {
      this.webhookWaiting.set({ webhook }, waiting);
      this.webhookOff.set({ webhook }, Number(isOff));
    }
  }

  private setWaiting(all: readonly Waiting[]): void {
    this.waiting.reset();
    this.waitingValue.reset();
    for (const { kind, currency, count, value_at_risk } of all) {
      const labels = { kind, currency: currency ?? '' };
      this.waiting.set(labels, count);
      if (value_at_risk !== null) this.waitingValue.set(labels, Number(value_at_risk));
    }
  }

  private gauge(name: string, help: string): Gauge {
    return new Gauge({ name: `minutebook_${name}`, help, ...this.shared });
  }
}
