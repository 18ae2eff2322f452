/** The parts of a service's memory. */
export interface Memory {
  /** V8's space for young objects, in MB: in the thread that projects, and in each thread of the pool. */
  readonly projectionYoungMb: number;
  readonly workerYoungMb: number;
  /** By how much V8's heaps may outgrow their live objects before a collection, in percent; `undefined` = V8 decides. */
  readonly heapGrowingPercent: number | undefined;
  /** SQLite's page caches for the event store and for the connection that writes read models, in KiB. */
  readonly eventCacheKb: number;
  readonly rowCacheKb: number;
  /** How many sessions the recorder caches, so that it need not read them. */
  readonly recordedSessions: number;
  /** How many bytes the bodies of batches that are being recorded may take together, with their answers. */
  readonly bodyBytes: number;
  /** How many rows the projection caches, so that it need not read them. */
  readonly projection: {
    readonly sessions: number;
    readonly statements: number;
    readonly logs: number;
  };
}

/** The memory that the service needed under full load with the amounts in {@link shareMemory}. */
const MEASURED_MB = 536;
/** The part of that memory that does not shrink with the amounts: the program, its libraries and its threads. */
const FIXED_MB = 195;
/** With at least this much memory, V8 decides when to collect garbage. */
const AMPLE_MB = 2_048;
/** Half of it, which one caller may take, has room for one of the largest batches with its answer, and small ones. */
const LEAST_BODIES_MB = 40;
/** More space for young objects gains nothing. */
const MOST_YOUNG_MB = 384;

/**
 * Divides memory among the parts of a service.
 * @param memoryMb what the service is to stay below under full load. It is an aim, not a hard limit.
 */
export function shareMemory(memoryMb: number): Memory {
  const share = (memoryMb - FIXED_MB) / (MEASURED_MB - FIXED_MB);
  const of = (amount: number) => Math.round(amount * share);
  return {
    projectionYoungMb: Math.min(of(38), MOST_YOUNG_MB),
    workerYoungMb: Math.min(of(20), MOST_YOUNG_MB),
    heapGrowingPercent: memoryMb < AMPLE_MB ? of(32) : undefined,
    eventCacheKb: of(10_240),
    rowCacheKb: of(10_240),
    recordedSessions: of(6_400),
    bodyBytes: Math.max(memoryMb / 8, LEAST_BODIES_MB) * 1024 * 1024,
    projection: { sessions: of(1_200), statements: of(4_800), logs: of(100_000) },
  };
}
