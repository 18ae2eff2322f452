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
  const latest = useRef(0);
  const grown = asOf === undefined ? position : '';

  useEffect(() => {
    const own = (latest.current += 1);
    const isLatest = () => own === latest.current;
    load().then(
      (data) => isLatest() && set({ name, data }),
      (error: unknown) =>
        isLatest() && set((was) => ({ ...(was.name === name ? was : { name }), error: refusedOf(error) })),
    );
    return () => void (latest.current += 1);
  }, [name, grown, turn, reachable]);

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
