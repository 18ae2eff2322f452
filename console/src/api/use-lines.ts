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

interface State<Item> {
  /** The question that the items answer. */
  readonly asked: string;
  readonly items: readonly Item[];
  readonly isWhole: boolean;
  readonly error?: Refused;
}

/**
 * Reads a list from its beginning, and starts again when the question or the ledger changes. Items of another question
 * are never shown; those of an earlier ledger stay until they are read again.
 * @param question all that the person chose: whose list, which filter, as of which moment.
 * @param pageAfter reads a page of it.
 * @param ledger a state of the ledger: it changes if the same question may have another answer.
 */
export function useLines<Item>(
  question: readonly unknown[],
  pageAfter: (cursor: string | undefined) => Promise<ListPage<Item>>,
  ledger?: unknown,
): Lines<Item> {
  const asked = JSON.stringify(question);
  const wanted = useRef(1);
  const [state, set] = useState<State<Item>>({ asked, items: [], isWhole: false });
  const run = useRef<{ readonly asked: string; readonly read: () => Promise<void> }>(undefined);

  useEffect(() => {
    // How far the person scrolled in the answer to another question says nothing about this one.
    if (run.current?.asked !== asked) wanted.current = 1;
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
          const next = { asked, items, isWhole };
          // The old items stay until as many new items are loaded.
          if (isWhole || items.length >= wanted.current) set(next);
          else set((was) => (was.asked === asked && was.items.length > items.length ? was : next));
        }
      } catch (error) {
        if (!stopped) set({ asked, items, isWhole, error: refusedOf(error) });
      } finally {
        isReading = false;
      }
    };
    run.current = { asked, read };
    void read();
    return () => {
      stopped = true;
    };
  }, [asked, JSON.stringify(ledger)]);

  const upTo = useCallback((count: number) => {
    wanted.current = Math.max(wanted.current, count);
    void run.current?.read();
  }, []);
  // The effect that reads the new question's items runs only after the page has rendered once more.
  if (state.asked !== asked) return { items: [], isWhole: false, error: undefined, upTo };
  return { items: state.items, isWhole: state.isWhole, error: state.error, upTo };
}
