import { useEffect, useState } from 'preact/hooks';

import { ofRead, type Refused } from './answer';
import { refusedOf } from './use-read';

const EVERY_MS = 400;

/**
 * Polls a long-running job until it is done. The type of `look` allows text, for the job's event stream, but `look`
 * does not request that.
 * @param onEnd called once the job is done or has failed, for a list that shows its state: no event of the ledger says
 * so.
 */
export function useJob<Job extends { readonly status: string }>(
  id: string,
  look: (id: string) => Promise<Job | string>,
  onEnd?: () => void,
) {
  const [job, setJob] = useState<Job>();
  const [error, setError] = useState<Refused>();
  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout>;
    const again = async () => {
      try {
        const found = await look(id);
        if (stopped || typeof found === 'string') return;
        setJob(found);
        setError(undefined);
        if (found.status === 'done' || found.status === 'failed') return onEnd?.();
      } catch (failure) {
        if (stopped) return;
        const refused = ofRead(refusedOf(failure));
        setError(refused);
        // A refusal is final; a connection may come back.
        if (refused.status >= 400 && refused.status < 500) return;
      }
      timer = setTimeout(() => void again(), EVERY_MS);
    };
    void again();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [id]);
  return { job, error };
}
