/** The parts of a service's memory. */
export interface Memory {
  /** V8's space for young objects, in MB: in the thread that projects, and in each thread that works on jobs. */
  readonly projectionYoungMb: number;
  readonly workerYoungMb: number;
  /** By how much V8's heaps may outgrow their live objects before a collection, in percent; `undefined` = V8 decides. */
  readonly heapGrowingPercent: number | undefined;
  /** SQLite's page caches for the event store and for the connection that writes read models, in KiB. */
  readonly eventCacheKb: number;
  readonly rowCacheKb: number;
  /** How many sessions the recorder caches, so that it need not read them. */
  readonly recordedSessions: number;
  /** How many rows the projection caches, so that it need not read them. */
  readonly projection: {
    readonly sessions: number;
    readonly statements: number;
    readonly logs: number;
  };
}

/** The memory that the amounts below were measured with, under full load. */
const MEASURED_MB = 512;
/** From this much on, V8 decides when to collect. */
const AMPLE_MB = 2_048;
/** More space for young objects gains nothing. */
const MOST_YOUNG_MB = 384;

/**
 * Divides memory among the parts of a service.
 * @param memoryMb what the service is to stay below under full load. It is an aim, not a hard limit.
 */
export function shareMemory(memoryMb: number): Memory {
  const share = memoryMb / MEASURED_MB;
  const of = (amount: number) => Math.round(amount * share);
  return {
    projectionYoungMb: Math.min(of(48), MOST_YOUNG_MB),
    workerYoungMb: Math.min(of(24), MOST_YOUNG_MB),
    heapGrowingPercent: memoryMb < AMPLE_MB ? of(40) : undefined,
    eventCacheKb: of(12_288),
    rowCacheKb: of(12_288),
    recordedSessions: of(8_000),
    projection: { sessions: of(1_500), statements: of(6_000), logs: of(125_000) },
  };
}
