import type { RefusedFact } from '../spool/refused.js';

/** A fact that is in the ledger. */
export interface SettledFact {
  readonly id: string;
  readonly source: string;
  /** `duplicate` if it was already there. */
  readonly status: 'recorded' | 'duplicate';
  /** Its position in the ledger, for a read's `at_least`; `null` if the ledger did not say. */
  readonly position: string | null;
  /**
   * Whether the fact was already there with another time, from an earlier call that this folder's journal no longer
   * knows.
   */
  readonly time_differs: boolean;
}

/** A reason why facts can't be sent now. They stay in the spool and are sent again. */
export interface Trouble {
  /**
   * The ledger's code, or one of the client's: `unreachable`, `timeout`, `unauthorized`, `forbidden`, `rate_limited`,
   * `unavailable`, `unexpected_answer`, `spool_unwritable`, `spool_damaged`, `callback_failed`.
   */
  readonly code: string;
  readonly detail: string;
  /** The HTTP status; `null` if there was no answer. */
  readonly status: number | null;
  /** How many times in a row sending has failed. */
  readonly tries: number;
  /** Milliseconds until the next try; `null` if there will be none. */
  readonly retry_in_ms: number | null;
}

/** Callbacks of the client. If one throws, that is reported as trouble, and nothing stops. */
export interface Reports {
  /** Called at least once for each fact that is in the ledger. */
  readonly onSettled?: (fact: SettledFact) => unknown;
  /**
   * Called at least once for each fact that was refused for good; it is in the spool's folder `refused`. Default: a
   * warning.
   */
  readonly onRefused?: (fact: RefusedFact) => unknown;
  /** Called at every failed try to send. Default: a warning at the first and every hundredth after it. */
  readonly onTrouble?: (trouble: Trouble) => unknown;
}

const WARN_EVERY = 100;

/** Makes the callbacks, and catches whatever they throw. */
export class Reporter {
  /** @param beforeRefused called with a refused fact before the callback. */
  constructor(
    private readonly reports: Reports,
    private readonly beforeRefused: (fact: RefusedFact) => void,
  ) {}

  settled(fact: SettledFact): void {
    this.call(this.reports.onSettled, fact);
  }

  refused(fact: RefusedFact): void {
    const { code, detail, event } = fact;
    this.beforeRefused(fact);
    const warn = () =>
      process.emitWarning(`The ledger refused ${event.id}: ${code}. ${detail}`, 'Minutebook');
    this.call(this.reports.onRefused ?? warn, fact);
  }

  trouble(trouble: Trouble): void {
    const { code, detail, tries } = trouble;
    const warn = () => {
      if (tries % WARN_EVERY === 1) process.emitWarning(`${code}: ${detail}`, 'Minutebook');
    };
    this.call(this.reports.onTrouble ?? warn, trouble);
  }

  private call<T>(report: ((told: T) => unknown) | undefined, told: T): void {
    const failed = (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      if (report === this.reports.onTrouble)
        process.emitWarning(`onTrouble threw: ${reason}`, 'Minutebook');
      else
        this.trouble({
          code: 'callback_failed',
          detail: reason,
          status: null,
          tries: 1,
          retry_in_ms: null,
        });
    };
    try {
      const answer = report?.(told);
      if (answer instanceof Promise) answer.catch(failed);
    } catch (error) {
      failed(error);
    }
  }
}
