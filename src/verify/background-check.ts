import { openReasonOf } from '../lib/open-reason';
import { pause } from '../lib/pause';
import { waitAtMost } from '../lib/wait-at-most';
import type { VerifyResult } from './verify';

/** The time that a pass takes besides reading events, in milliseconds. The rest between two passes accounts for it. */
const PASS_MS = 600;
const LOOK_MS = 1_000;
const FAILED_MS = 30_000;
/** How long a stop waits for the running pass, in milliseconds. */
const STOP_MS = 5_000;

/** Receives how many events the running pass has read. */
type OnProgress = (events: number) => void;

export interface BackgroundCheckParts {
  /** The share of a core, at most 1; 0 = the check does not run. */
  readonly share: number;
  /** Makes one pass over the whole ledger. @throws if a failure says nothing about the ledger. */
  readonly pass: (signal: AbortSignal, onProgress: OnProgress) => Promise<VerifyResult>;
  /** Whether this instance is the one that checks. */
  readonly isOnDuty: () => boolean;
  /** Whether there is anything to compare with yet. */
  readonly canBegin: () => boolean;
  /** Called with each result that has faults. */
  readonly alarm: (found: VerifyResult) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called when passes begin to fail. */
  readonly report: (error: unknown) => void;
}

/** What the check has found. It names no user, because anybody may read it. */
export interface BackgroundStatus {
  readonly state: 'off' | 'waiting' | 'running';
  /** Passes finished since the start. */
  readonly passes: number;
  /** How many events the current pass has read; between passes, how many the last pass read. */
  readonly events: number;
  /** Faults of the last finished pass; 0 before the first one. */
  readonly faults: number;
  /** The kinds of these faults, each once. */
  readonly kinds: readonly string[];
  /** When that pass ended, in milliseconds since 1970. */
  readonly finishedAt: number | undefined;
  /** Why passes do not finish, for anybody; `undefined` if they do. */
  readonly trouble: string | undefined;
}

/**
 * Checks the ledger slowly, again and again, alongside serving. A fault raises an alarm but stops nothing. A pass that
 * is cut short, because the service stops or another instance takes over, starts from the beginning.
 */
export class BackgroundCheck {
  private known: BackgroundStatus;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(private readonly parts: BackgroundCheckParts) {
    this.known = {
      state: parts.share > 0 ? 'waiting' : 'off',
      passes: 0,
      events: 0,
      faults: 0,
      kinds: [],
      finishedAt: undefined,
      trouble: undefined,
    };
  }

  start(): void {
    if (this.parts.share > 0) this.running ??= this.run();
  }

  /** Returns the state. What an instance found is out of date once another one does the check. */
  status(): BackgroundStatus {
    if (this.parts.isOnDuty()) return this.known;
    return { ...this.known, faults: 0, kinds: [], finishedAt: undefined, trouble: undefined };
  }

  async close(): Promise<void> {
    this.stopping.abort(new Error('The service is stopping.'));
    // Some steps do not look at the signal. The thread that runs them is ended next.
    if (this.running !== undefined) await waitAtMost(STOP_MS, this.running);
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.pause(PASS_MS / this.parts.share);
      while (!this.mayRun() && !this.stopping.signal.aborted) await this.pause(LOOK_MS);
      if (this.stopping.signal.aborted) return;
      try {
        await this.pass();
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        if (this.mayRun()) await this.failed(error);
      }
    }
  }

  private mayRun(): boolean {
    return this.parts.isOnDuty() && this.parts.canBegin();
  }

  private async pass(): Promise<void> {
    const leaving = new AbortController();
    const look = setInterval(() => {
      if (!this.parts.isOnDuty()) leaving.abort(new Error('Another instance does the check.'));
    }, LOOK_MS).unref();
    this.set({ state: 'running', events: 0 });
    try {
      const signal = AbortSignal.any([this.stopping.signal, leaving.signal]);
      const found = await this.parts.pass(signal, (events) => this.set({ events }));
      const { faults, items, events } = found;
      this.set({
        passes: this.known.passes + 1,
        events,
        faults,
        kinds: [...new Set(items.map(({ kind }) => kind))],
        finishedAt: this.parts.now(),
        trouble: undefined,
      });
      if (faults > 0) await this.parts.alarm(found);
    } finally {
      clearInterval(look);
      this.set({ state: 'waiting' });
    }
  }

  private async failed(error: unknown): Promise<void> {
    if (this.known.trouble === undefined) this.parts.report(error);
    this.set({ trouble: openReasonOf(error) });
    await this.pause(FAILED_MS);
  }

  private set(some: Partial<BackgroundStatus>): void {
    this.known = { ...this.known, ...some };
  }

  private async pause(ms: number): Promise<void> {
    await pause(ms, this.stopping.signal);
  }
}
