/** Maps items with an asynchronous function, at most `atATime` at once, and keeps their order. */
export async function mapSideBySide<T, U>(
  items: readonly T[],
  atATime: number,
  map: (item: T) => Promise<U>,
): Promise<U[]> {
  const mapped: U[] = [];
  let next = 0;
  const work = async () => {
    while (next < items.length) {
      const index = next;
      next += 1;
      mapped[index] = await map(items[index]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atATime, items.length) }, work));
  return mapped;
}
