/** What entries weigh, and the greatest weight of all of them together. */
interface Weighed<V> {
  readonly most: number;
  readonly weightOf: (value: V) => number;
}

/**
 * A map that forgets the least recently used entries when it is full. It is a cache, never the only copy.
 *
 * It has two generations. An entry that is used moves to the young one. When the young one holds half the limit, it
 * replaces the old one, whose unused entries are forgotten. So a use costs a look-up, not a reordering.
 *
 * If entries have a weight, the young one is also replaced when its entries together weigh half of what the map may
 * hold. So the heavier the entries, the fewer are kept.
 */
export class BoundedMap<K, V> {
  private young = new Map<K, V>();
  private old = new Map<K, V>();
  /** The weight of the young entries. */
  private weight = 0;

  constructor(
    private readonly limit: number,
    private readonly weighed?: Weighed<V>,
  ) {}

  get(key: K): V | undefined {
    const known = this.young.get(key);
    if (known !== undefined) return known;
    const value = this.old.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: K, value: V): void {
    const { weighed } = this;
    if (weighed !== undefined && !this.young.has(key)) this.weight += weighed.weightOf(value);
    this.young.set(key, value);
    const isHeavy = weighed !== undefined && this.weight >= weighed.most / 2;
    if (this.young.size < this.limit / 2 && !isHeavy) return;
    this.old = this.young;
    this.young = new Map();
    this.weight = 0;
  }

  /** Notes that an entry became heavier while it was in the map. The next {@link set} takes it into account. */
  grew(by: number): void {
    this.weight += by;
  }

  delete(key: K): void {
    this.young.delete(key);
    this.old.delete(key);
  }

  clear(): void {
    this.young.clear();
    this.old.clear();
    this.weight = 0;
  }
}
