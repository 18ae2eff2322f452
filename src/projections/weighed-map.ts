/** A map with a limit on its total weight. It drops the least recently used entries. A cache, never the only copy. */
export class WeighedMap<V> {
  /** The least recently used first. */
  private readonly entries = new Map<string, { readonly value: V; readonly weight: number }>();
  private weight = 0;

  /** @param limit the greatest total weight, in the unit of `set`'s weights. */
  constructor(private readonly limit: number) {}

  get(key: string): V | undefined {
    const one = this.entries.get(key);
    if (one === undefined) return undefined;
    this.entries.delete(key);
    this.entries.set(key, one);
    return one.value;
  }

  set(key: string, value: V, weight: number): void {
    this.delete(key);
    this.entries.set(key, { value, weight });
    this.weight += weight;
    for (const oldest of this.entries.keys()) {
      if (this.weight <= this.limit || oldest === key) return;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const one = this.entries.get(key);
    if (one === undefined) return;
    this.entries.delete(key);
    this.weight -= one.weight;
  }

  clear(): void {
    this.entries.clear();
    this.weight = 0;
  }
}
