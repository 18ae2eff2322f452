/**
 * A map that forgets: when it is full, what was not used for longest goes. A cache, never the only copy.
 *
 * In two generations: whatever is used comes into the young one; when that is half of what may be kept, it becomes the
 * old one, and what the old one held and nobody asked for is forgotten. So a use costs one look, not a move.
 */
export class BoundedMap<K, V> {
  private young = new Map<K, V>();
  private old = new Map<K, V>();

  constructor(private readonly limit: number) {}

  get(key: K): V | undefined {
    const known = this.young.get(key);
    if (known !== undefined) return known;
    const value = this.old.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: K, value: V): void {
    this.young.set(key, value);
    if (this.young.size < this.limit / 2) return;
    this.old = this.young;
    this.young = new Map();
  }

  delete(key: K): void {
    this.young.delete(key);
    this.old.delete(key);
  }

  clear(): void {
    this.young.clear();
    this.old.clear();
  }
}
