import type { SentResult } from '../client';
import { counted } from '../../lib/counted';

const SHOWN_REJECTIONS = 1_000;

/** How many lines have been read so far, and how many got each verdict. */
export class Counts {
  read = 0;
  recorded = 0;
  duplicate = 0;
  rejected = 0;
  /** Not among the counts that are printed as JSON. */
  #shown = 0;

  /** Counts a line's verdict. Reports a rejection on standard error with the line's number. */
  add(line: number | string, result: SentResult): void {
    this[result.status] += 1;
    if (result.status !== 'rejected' || this.#shown === SHOWN_REJECTIONS) return;
    this.#shown += 1;
    const at = result.pointer == null ? '' : ` at ${result.pointer}`;
    console.error(`line ${line}: ${result.code}${at}: ${result.detail}`);
    if (this.#shown === SHOWN_REJECTIONS) {
      console.error(`(more than ${SHOWN_REJECTIONS} rejections: the rest are counted, not shown)`);
    }
  }

  toString(): string {
    return `${counted(this.read, 'event')} read: ${this.recorded} recorded, ${this.duplicate} duplicate, ${this.rejected} rejected.`;
  }
}
