import type { RefusedFact } from '../spool/refused.js';

/** A fact that is in the ledger. */
export interface SettledFact {
  readonly id: string;
  readonly source: string;
  /** `duplicate`: it was there already. */
  readonly status: 'recorded' | 'duplicate';
  /** Its place in the ledger, for a read's `at_least`; `null` if the ledger did not say. */
  readonly position: string | null;
  /** It was there with another time, of an earlier telling that this folder's journal no longer knows. */
  readonly time_differs: boolean;
}

/** Something keeps facts from being sent. They stay in the spool, and are sent again. */
export interface Trouble {
  /**
   * The ledger's code, or one of the client's: `unreachable`, `timeout`, `unauthorized`, `forbidden`, `rate_limited`,
   * `unavailable`, `unexpected_answer`, `spool_unwritable`, `spool_damaged`, `callback_failed`.
   */
  readonly code: string;
  readonly detail: string;
  /** Of the ledger's answer; `null` if there was none. */
  readonly status: number | null;
  /** How many times in a row. */
  readonly tries: number;
  /** After how long it is tried again, in milliseconds; `null` if nothing is to be tried again. */
  readonly retry_in_ms: number | null;
}

/** What the client tells whoever uses it. What these throw is told as trouble, and stops nothing. */
export interface Reports {
  /** A fact is in the ledger. At least once for each. */
  readonly onSettled?: (fact: SettledFact) => unknown;
  /** A fact was refused for good, and lies in the spool's folder `refused`. At least once for each; a warning, if left out. */
  readonly onRefused?: (fact: RefusedFact) => unknown;
  /** Facts could not be sent this time: every failed try; a warning at the first and each hundredth, if left out. */
  readonly onTrouble?: (trouble: Trouble) => unknown;
}

const WARN_EVERY = 100;

/** Calls back, and lets nothing that is thrown there through. */
export class Reporter {
  /** @param refused called first with what was refused. */
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
