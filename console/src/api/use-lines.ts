import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

import { ofRead, type Refused } from './answer';
import type { ListPage } from './all-pages';
import { useHead } from './head';
import { pause, refusedOf } from './use-read';

/** A long list, read page by page as it is scrolled. */
export interface Lines<Item> {
  readonly items: readonly Item[];
  readonly isWhole: boolean;
  /** Why the last read failed. `items` are those that were read before. */
  readonly error: Refused | undefined;
  /** Reads on until this many items are loaded. */
  readonly upTo: (count: number) => void;
}

interface State<Item> {
  /** The question that the items answer. */
  readonly asked: string;
  readonly items: readonly Item[];
  readonly isWhole: boolean;
  readonly error?: Refused | undefined;
}

type PageAfter<Item> = (cursor: string | undefined) => Promise<ListPage<Item>>;

/** One reading of a list, from its beginning. */
interface Run<Item> {
  readonly asked: string;
  readonly pageAfter: PageAfter<Item>;
  /** Grows in place: copied for each page, a list of 100,000 would be copied 200 times. */
  readonly items: Item[];
  cursor: string | undefined;
  isWhole: boolean;
  isReading: boolean;
  /** Whether the ledger has changed since it began. */
  isStale: boolean;
  /** Whether it is over, and another one is about to begin. */
  isPaused: boolean;
  isStopped: boolean;
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
  pageAfter: PageAfter<Item>,
  ledger?: unknown,
): Lines<Item> {
  const asked = JSON.stringify(question);
  const { reachable } = useHead();
  const wanted = useRef(1);
  const [state, set] = useState<State<Item>>({ asked, items: [], isWhole: false });
  const run = useRef<Run<Item>>(undefined);
  const latest = useRef(pageAfter);
  latest.current = pageAfter;

  const stop = () => {
    if (run.current !== undefined) run.current.isStopped = true;
  };
  const begin = (asked: string) => {
    stop();
    run.current = runOf(asked, latest.current);
    void go(run.current);
  };
  const go = async (own: Run<Item>) => {
    if (own.isReading) return;
    const began = Date.now();
    await readOn(own, wanted, (error) => set((was) => shownAfter(was, own, wanted.current, error)));
    if (own.isStopped || own.isPaused || !own.isStale) return;
    own.isPaused = true;
    await pause(Date.now() - began);
    if (!own.isStopped) begin(own.asked);
  };

  useEffect(() => {
    const { current } = run;
    if (current?.asked === asked) {
      if (!reachable) return;
      // As in `useRead`: on a busy ledger, a slow list that is restarted would never appear.
      current.isStale = true;
      if (current.isReading || current.isPaused) return;
    } else {
      // How far the person scrolled in the answer to another question says nothing about this one.
      wanted.current = 1;
    }
    begin(asked);
  }, [asked, JSON.stringify(ledger), reachable]);
  useEffect(() => stop, []);

  const upTo = useCallback((count: number) => {
    wanted.current = Math.max(wanted.current, count);
    if (run.current !== undefined) void go(run.current);
  }, []);
  // The effect that reads the new question's items runs only after the page has rendered once more.
  if (state.asked !== asked) return { items: [], isWhole: false, error: undefined, upTo };
  return { items: state.items, isWhole: state.isWhole, error: state.error, upTo };
}

function runOf<Item>(asked: string, pageAfter: PageAfter<Item>): Run<Item> {
  const flags = { isWhole: false, isReading: false, isStale: false, isPaused: false };
  return { asked, pageAfter, items: [], cursor: undefined, ...flags, isStopped: false };
}

/** Reads on until as many items are loaded as are wanted, and shows each page, or why there is none. */
async function readOn<Item>(
  run: Run<Item>,
  wanted: { readonly current: number },
  show: (error?: Refused) => void,
): Promise<void> {
  run.isReading = true;
  try {
    while (!run.isStopped && !run.isWhole && run.items.length < wanted.current) {
      const page = await run.pageAfter(run.cursor);
      if (run.isStopped) return;
      run.items.push(...page.items);
      run.cursor = page.next_cursor ?? undefined;
      run.isWhole = run.cursor === undefined;
      show();
    }
  } catch (error) {
    if (!run.isStopped) show(ofRead(refusedOf(error)));
  } finally {
    run.isReading = false;
  }
}

/** Returns what is shown after a page. The old items stay until as many new ones are loaded. */
function shownAfter<Item>(
  was: State<Item>,
  { asked, items, isWhole }: Run<Item>,
  wanted: number,
  error: Refused | undefined,
): State<Item> {
  const isMore = was.asked === asked && was.items.length > items.length;
  const isEnough = error === undefined && (isWhole || items.length >= wanted);
  if (isMore && !isEnough) return error === undefined ? was : { ...was, error };
  return { asked, items, isWhole, error };
}
