/** How a service shares out its memory. */
export interface Memory {
  /** The space for young objects of each thread that works in the background, in MB. */
  readonly youngObjectsMb: number;
  /** By how much V8's heaps may grow past what is alive in them before they are swept, in percent; `undefined` = V8 decides. */
  readonly heapGrowingPercent: number | undefined;
  /** SQLite's page caches, in KiB: of the event store, and of the connection that writes read models. */
  readonly eventCacheKb: number;
  readonly rowCacheKb: number;
  /** What the projection keeps of rows that it may need again. */
  readonly projection: {
    readonly sessions: number;
    readonly statements: number;
    readonly logs: number;
  };
}

/** What the shares below add up to, beside the program itself, under full load. */
const MEASURED_MB = 512;
/** From there on V8 need not sweep early. */
const AMPLE_MB = 1_024;
/** More young objects gain nothing. */
const MOST_YOUNG_MB = 384;

/** @param memoryMb what the service is to stay below under full load. The bounds are chosen for it; it is no hard limit. */
export function shareMemory(memoryMb: number): Memory {
  const share = memoryMb / MEASURED_MB;
  const of = (amount: number) => Math.round(amount * share);
  return {
    youngObjectsMb: Math.min(of(48), MOST_YOUNG_MB),
    heapGrowingPercent: memoryMb < AMPLE_MB ? 50 : undefined,
    eventCacheKb: of(16_384),
    rowCacheKb: of(16_384),
    projection: { sessions: of(1_500), statements: of(6_000), logs: of(50_000) },
  };
}
