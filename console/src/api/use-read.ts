import { useEffect, useRef, useState } from 'preact/hooks';

import { ofRead, Refused } from './answer';
import { useHead } from './head';
import { whenFree } from './hold';
import { useRoute } from '../route';

/** A page's data. `data` stays while it is read again. */
export interface Read<Data> {
  readonly data: Data | undefined;
  readonly error: Refused | undefined;
  readonly again: () => void;
}

interface Outcome<Data> {
  readonly data?: Data;
  readonly error?: Refused | undefined;
}

interface Run {
  readonly name: string;
  isReading: boolean;
  /** Whether the ledger has grown since this read began. */
  isStale: boolean;
}

export const pause = (milliseconds: number) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Reads when the page opens, when `what` changes, and, unless the page shows the past, when the ledger grows.
 * @param what names the data: while it is read, data of another name is not shown.
 */
export function useRead<Data>(what: readonly unknown[], load: () => Promise<Data>): Read<Data> {
  const { asOf } = useRoute();
  const { position, reachable } = useHead();
  const name = JSON.stringify([...what, asOf]);
  const [state, set] = useState<Outcome<Data> & { readonly name: string }>({ name });
  const [turn, setTurn] = useState(0);
  const run = useRef<Run>(undefined);
  const shown = useRef<string>(undefined);
  const latest = useRef(load);
  latest.current = load;
  const grown = asOf === undefined ? position : '';

  useEffect(() => {
    // A read that is under way is not restarted but repeated once it ends: else, on a busy ledger, a slow read would
    // never end.
    if (run.current?.name === name && run.current.isReading) {
      run.current.isStale = true;
      return;
    }
    const own: Run = { name, isReading: true, isStale: false };
    run.current = own;
    const isLatest = () => run.current === own;
    const read = async () => {
      const began = Date.now();
      const outcome = await outcomeOf(latest.current);
      const took = Date.now() - began;
      if (shown.current === name) await whenFree();
      if (isLatest()) {
        shown.current = name;
        set((was) => ({ ...(was.name === name ? was : {}), error: undefined, ...outcome, name }));
      }
      if (own.isStale) await pause(took);
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
    again: () => setTurn((was) => was + 1),
  };
}

async function outcomeOf<Data>(load: () => Promise<Data>): Promise<Outcome<Data>> {
  try {
    return { data: await load() };
  } catch (error) {
    return { error: ofRead(refusedOf(error)) };
  }
}

export function refusedOf(error: unknown): Refused {
  if (error instanceof Refused) return error;
  return new Refused(0, 'unknown', error instanceof Error ? error.message : String(error));
}
