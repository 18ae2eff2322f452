import { useEffect, useRef, useState } from 'preact/hooks';

import { Refused } from './answer';
import { useHead } from './head';
import { useRoute } from '../route';

/** What a page reads. `data` stays while it is read again. */
export interface Read<Data> {
  readonly data: Data | undefined;
  readonly error: Refused | undefined;
  readonly again: () => void;
}

interface Run {
  readonly name: string;
  isReading: boolean;
  /** That the ledger has grown since this reading began. */
  isStale: boolean;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Reads when the page opens, when what it reads changes, and when the ledger grows, unless the page is as of a place.
 * @param what names what is read: the data of another is not shown while this is read.
 */
export function useRead<Data>(what: readonly unknown[], load: () => Promise<Data>): Read<Data> {
  const { asOf } = useRoute();
  const { position, reachable } = useHead();
  const name = JSON.stringify([...what, asOf]);
  const [state, set] = useState<{ name: string; data?: Data; error?: Refused }>({ name });
  const [turn, setTurn] = useState(0);
  const run = useRef<Run>(undefined);
  const latest = useRef(load);
  latest.current = load;
  const grown = asOf === undefined ? position : '';

  useEffect(() => {
    // What is being read already is read once more when it is there: a slow read on a busy ledger comes to its end.
    if (run.current?.name === name && run.current.isReading) {
      run.current.isStale = true;
      return;
    }
    const own: Run = { name, isReading: true, isStale: false };
    run.current = own;
    const isLatest = () => run.current === own;
    const read = async () => {
      const began = Date.now();
      try {
        const data = await latest.current();
        if (isLatest()) set({ name, data });
      } catch (error) {
        if (isLatest())
          set((was) => ({ ...(was.name === name ? was : { name }), error: refusedOf(error) }));
      }
      if (own.isStale) await pause(Date.now() - began);
      if (!isLatest()) return;
      own.isReading = own.isStale;
      own.isStale = false;
      if (own.isReading) await read();
    };
    void read();
  }, [name, grown, turn, reachable]);
  useEffect(() => () => void (run.current = undefined), []);

  const isCurrent = state.name === name;
  return {
    data: isCurrent ? state.data : undefined,
    error: isCurrent ? state.error : undefined,
    again: () => setTurn(turn + 1),
  };
}

export function refusedOf(error: unknown): Refused {
  if (error instanceof Refused) return error;
  return new Refused(0, 'unknown', error instanceof Error ? error.message : String(error));
}
