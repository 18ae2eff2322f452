/** The parts of a service's memory. */
export interface Memory {
  /** V8's space for young objects in each background thread, in MB. */
  readonly youngObjectsMb: number;
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
const AMPLE_MB = 1_024;
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
    youngObjectsMb: Math.min(of(48), MOST_YOUNG_MB),
    heapGrowingPercent: memoryMb < AMPLE_MB ? 50 : undefined,
    eventCacheKb: of(16_384),
    rowCacheKb: of(16_384),
    recordedSessions: of(12_000),
    projection: { sessions: of(1_500), statements: of(6_000), logs: of(50_000) },
  };
}
