/**
 * Adds a value to a bounded cache, which forgets everything when it is full. For values that are computed again and
 * again from a few keys.
 * @param most how many values the cache holds.
 * @returns the value.
 */
export function cached<K, V>(cache: Map<K, V>, most: number, key: K, value: V): V {
  if (cache.size >= most) cache.clear();
  cache.set(key, value);
  return value;
}
