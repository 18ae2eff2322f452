import { useState } from 'preact/hooks';

import type { Refused } from './answer';
import { refusedOf } from './use-read';

/**
 * Starts a job, and keeps for each question the id of its job, or why it was refused. Returns those of the question that
 * the page asks now, or that its request is under way: what stayed when the question changes, or came after that, would be taken for its answer.
 * @param question all that the job depends on.
 * @param begin requests the job, and returns its id.
 */
export function useStartedJob(question: string, begin: () => Promise<string>) {
  const [started, set] = useState<ReadonlyMap<string, Started>>(new Map());
  const keep = (found: Started) => set((was) => new Map(was).set(question, found));
  const start = async () => {
    keep({});
    try {
      keep({ job: await begin() });
    } catch (error) {
      keep({ refused: refusedOf(error) });
    }
  };
  const own = started.get(question);
  const isStarting = own !== undefined && own.job === undefined && own.refused === undefined;
  return { ...own, isStarting, start };
}

interface Started {
  readonly job?: string;
  readonly refused?: Refused;
}
