import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

import type { Refused } from './answer';
import type { ListPage } from './all-pages';
import { refusedOf } from './use-read';

/** A long list, read page by page as it is scrolled. */
export interface Lines<Item> {
  readonly items: readonly Item[];
  readonly isWhole: boolean;
  readonly error: Refused | undefined;
  /** Reads on until this many items are loaded. */
  readonly upTo: (count: number) => void;
}

/**
 * Reads a list from its beginning, and starts again when `what` changes.
 * @param what names the list and the state of the ledger it shows.
 */
export function useLines<Item>(
  what: readonly unknown[],
  pageAfter: (cursor: string | undefined) => Promise<ListPage<Item>>,
): Lines<Item> {
  const name = JSON.stringify(what);
  const wanted = useRef(1);
  const [state, set] = useState<{ items: readonly Item[]; isWhole: boolean; error?: Refused }>({
    items: [],
    isWhole: false,
  });
  const run = useRef<{ read: () => Promise<void> }>(undefined);

  useEffect(() => {
    let stopped = false;
    let isReading = false;
    let cursor: string | undefined;
    // Grows in place: copied for each page, a list of 100,000 would be copied 200 times.
    const items: Item[] = [];
    let isWhole = false;
    const read = async () => {
      if (isReading) return;
      isReading = true;
      try {
        while (!stopped && !isWhole && items.length < wanted.current) {
          const page = await pageAfter(cursor);
          if (stopped) return;
          items.push(...page.items);
          cursor = page.next_cursor ?? undefined;
          isWhole = cursor === undefined;
          // The old items stay until as many new items are loaded.
          if (isWhole || items.length >= wanted.current) set({ items, isWhole });
          else set((was) => (was.items.length > items.length ? was : { items, isWhole }));
        }
      } catch (error) {
        if (!stopped) set({ items, isWhole, error: refusedOf(error) });
      } finally {
        isReading = false;
      }
    };
    run.current = { read };
    void read();
    return () => {
      stopped = true;
    };
  }, [name]);

  const upTo = useCallback((count: number) => {
    wanted.current = Math.max(wanted.current, count);
    void run.current?.read();
  }, []);
  return { items: state.items, isWhole: state.isWhole, error: state.error, upTo };
}
