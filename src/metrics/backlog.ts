const EVERY_MS = 1_000;
/** How many looks are kept: at most one a second is added, so they go back an hour or more. */
const KEPT = 3_600;

interface Look {
  readonly at: number;
  readonly head: number;
}

/** Measures for how long the read model has lagged. Remembers the ledger's head, second by second, for an hour. */
export class Backlog {
  private readonly looks: Look[] = [];
  private readonly timer: NodeJS.Timeout;

  /**
   * @param head the position of the ledger's last event, as far as known.
   * @param now in milliseconds, on a clock that never goes back.
   */
  constructor(
    private readonly head: () => number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.timer = setInterval(() => this.look(), EVERY_MS).unref();
  }

  /** Records the ledger's head. */
  look(): void {
    const head = this.head();
    const last = this.looks.at(-1);
    // Nothing was recorded since the last look, so there is nothing to remember.
    if (last?.head === head) return;
    this.looks.push({ at: this.now(), head });
    if (this.looks.length > KEPT) this.looks.shift();
  }

  /**
   * Returns the age of the oldest event that the read model lacks, in seconds, accurate to a second; at most about an
   * hour.
   */
  secondsBehind(position: number): number {
    while (this.looks.length > 1 && this.looks[0]!.head <= position) this.looks.shift();
    const oldest = this.looks[0];
    if (oldest === undefined || oldest.head <= position) return 0;
    return (this.now() - oldest.at) / 1_000;
  }

  close(): void {
    clearInterval(this.timer);
  }
}
