/** A map that forgets, by weight: a cache, never the only copy. Two generations, as in `BoundedMap`. */
export class WeighedMap<V> {
  private young = new Map<string, Weighed<V>>();
  private old = new Map<string, Weighed<V>>();
  private weight = 0;

  /** @param limit the most that is kept, in the unit of weights. */
  constructor(private readonly limit: number) {}

  get(key: string): V | undefined {
    const known = this.young.get(key);
    if (known !== undefined) return known.value;
    const one = this.old.get(key);
    if (one === undefined) return undefined;
    this.old.delete(key);
    this.set(key, one.value, one.weight);
    return one.value;
  }

  set(key: string, value: V, weight: number): void {
    this.weight += weight - (this.young.get(key)?.weight ?? 0);
    this.young.set(key, { value, weight });
    this.old.delete(key);
    if (this.weight < this.limit / 2) return;
    this.old = this.young;
    this.young = new Map();
    this.weight = 0;
  }

  delete(key: string): void {
    this.weight -= this.young.get(key)?.weight ?? 0;
    this.young.delete(key);
    this.old.delete(key);
  }

  clear(): void {
    this.young.clear();
    this.old.clear();
    this.weight = 0;
  }
}

interface Weighed<V> {
  readonly value: V;
  readonly weight: number;
}
