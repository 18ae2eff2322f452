import { setTimeout as sleep } from 'node:timers/promises';

import { openReasonOf } from '../lib/open-reason';

/** The result of a probe: an answer, or a sentence, which everybody may read, that says why there is none. */
export type Probed<T> = { readonly answer: T } | { readonly silence: string };

/**
 * Checks whether something answers within a bounded time. Callers share the result of a check that is already running,
 * so that checks do not pile up on something that hangs.
 */
export class Probe<T> {
  private running: Promise<Probed<T>> | undefined;

  constructor(
    private readonly work: () => Promise<T>,
    private readonly waitMs: number,
  ) {}

  async ask(): Promise<Probed<T>> {
    const running = (this.running ??= this.begin());
    const late = new AbortController();
    const silent = sleep(this.waitMs, { silence: 'It does not answer.' }, { signal: late.signal });
    silent.catch(() => undefined);
    try {
      return await Promise.race([running, silent]);
    } finally {
      late.abort();
    }
  }

  private async begin(): Promise<Probed<T>> {
    try {
      return { answer: await this.work() };
    } catch (error) {
      return { silence: openReasonOf(error) };
    } finally {
      this.running = undefined;
    }
  }
}
