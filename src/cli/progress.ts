import { Presets, SingleBar } from 'cli-progress';

/** A progress bar on standard error; where that is no terminal, a line now and then. */
export class Progress {
  private readonly bar: SingleBar;

  constructor(label: string, total: number) {
    this.bar = new SingleBar(
      {
        format: `${label} [{bar}] {percentage}% | {value}/{total} | {rate}/s | ETA {eta_formatted}{note}`,
        noTTYOutput: true,
        notTTYSchedule: 5_000,
        stream: process.stderr,
        clearOnComplete: false,
      },
      Presets.shades_classic,
    );
    this.bar.start(total, 0, { rate: 0, note: '' });
  }

  private readonly began = Date.now();

  /** @param rate how many a second, where they did not all come since the start. */
  to(value: number, rate?: number): void {
    const seconds = Math.max(0.001, (Date.now() - this.began) / 1000);
    this.bar.update(value, { rate: rate ?? Math.round(value / seconds) });
  }

  /** Adds a few words behind the bar. */
  note(words: string): void {
    this.bar.update({ note: ` | ${words}` });
  }

  /** For work whose end is not known before. */
  grow(total: number): void {
    this.bar.setTotal(total);
  }

  stop(): void {
    this.bar.stop();
  }
}
