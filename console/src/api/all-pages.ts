/** A page of any of the service's lists. */
export interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
}

/** Reads a list to its end, or until it has at least `most` items. `isWhole` says whether the end was reached. */
export async function allPages<Item>(
  pageAfter: (cursor: string | undefined) => Promise<ListPage<Item>>,
  most: number,
): Promise<{ readonly items: readonly Item[]; readonly isWhole: boolean }> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await pageAfter(cursor);
    items.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined && items.length < most);
  return { items, isWhole: cursor === undefined };
}
