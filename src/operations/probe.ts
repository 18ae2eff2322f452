import { setTimeout as sleep } from 'node:timers/promises';

/** What a probe found: an answer, or why there is none, for a person. */
export type Probed<T> = { readonly answer: T } | { readonly silence: string };

/**
 * Asks something whether it is there, and waits for a bounded time. Whoever asks while a question is under way waits for the
 * same answer, so that no questions pile up at what hangs.
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
      return { silence: error instanceof Error ? error.message : String(error) };
    } finally {
      this.running = undefined;
    }
  }
}
