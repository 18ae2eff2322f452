const EVERY_MS = 1_000;
/** An hour of looks. */
const KEPT = 3_600;

interface Look {
  readonly at: number;
  readonly head: number;
}

/** Knows for how long the read model has been behind: it remembers where the ledger was, second by second, for an hour. */
export class Backlog {
  private readonly looks: Look[] = [];
  private readonly timer: NodeJS.Timeout;

  /**
   * @param head the position of the ledger's last event, as far as it is known.
   * @param now in milliseconds, on a clock that never goes back.
   */
  constructor(
    private readonly head: () => number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.timer = setInterval(() => this.look(), EVERY_MS).unref();
  }

  /** Notes where the ledger is. */
  look(): void {
    const head = this.head();
    const last = this.looks.at(-1);
    // While nothing is recorded there is nothing to note.
    if (last?.head === head) return;
    this.looks.push({ at: this.now(), head });
    if (this.looks.length > KEPT) this.looks.shift();
  }

  /** How old the oldest event is that is not in the read model, in seconds, to the second; an hour and more is an hour. */
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
