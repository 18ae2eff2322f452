import { PassThrough } from 'node:stream';

import { Presets, SingleBar, type Params } from 'cli-progress';

/** What a bar counts. */
export type Unit = 'bytes' | 'events' | 'users' | 'rows' | 'positions';

const MEGABYTE = 1_000_000;
const BAR_WIDTH = 30;

/** Bars are drawn only on a terminal. */
export type Terminal = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** Returns where a command draws its bar: nowhere if it prints JSON, which programs read. */
export function terminalOf({ json }: { readonly json: boolean }): Terminal {
  return json ? new PassThrough() : process.stderr;
}

/** A progress bar on standard error if that is a terminal; nothing if it is a pipe or a file. */
export class Progress {
  private readonly bar: SingleBar | undefined;
  private readonly began = performance.now();
  private readonly shown: { rate: number; note: string } = { rate: 0, note: '' };

  /**
   * Always stop the bar: its timer keeps the process alive.
   * @param unit of `total` and all values.
   */
  constructor(
    label: string,
    private readonly unit: Unit,
    total: number,
    terminal: Terminal = process.stderr,
  ) {
    if (terminal.isTTY !== true) return;
    this.bar = new SingleBar(
      {
        format: (_options, params) => `${label} ${this.line(params)}`,
        stream: terminal,
        clearOnComplete: false,
        hideCursor: false,
      },
      Presets.shades_classic,
    );
    this.bar.start(total, 0);
  }

  /** @param rate the speed to show, in units a second. Default: the average since the bar began. */
  to(value: number, rate?: number): void {
    const seconds = Math.max(0.001, (performance.now() - this.began) / 1000);
    this.shown.rate = rate ?? Math.round(value / seconds);
    this.bar?.update(value);
  }

  /** Adds a few words after the bar. */
  note(words: string): void {
    this.shown.note = ` | ${words}`;
  }

  /** Raises the total, for work whose end is not known in advance. */
  grow(total: number): void {
    this.bar?.setTotal(total);
  }

  stop(): void {
    this.bar?.stop();
  }

  private line({ progress, value, total, eta }: Params): string {
    const full = Math.round(Math.min(1, progress) * BAR_WIDTH);
    const bar = '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
    const percent = Math.floor(Math.min(1, progress) * 100);
    const left = Number.isFinite(eta) && eta > 0 ? ` | ${Math.round(eta)} s left` : '';
    const { rate, note } = this.shown;
    return `[${bar}] ${percent}% | ${this.amount(value)} of ${this.amount(total)} ${this.unitName} | ${this.amount(rate)} ${this.unitName}/s${left}${note}`;
  }

  private amount(value: number): string {
    if (this.unit === 'bytes') return (value / MEGABYTE).toFixed(1);
    return value.toLocaleString('en-US');
  }

  private get unitName(): string {
    return this.unit === 'bytes' ? 'MB' : this.unit;
  }
}

/** Shows a progress bar while work runs, and removes it however the work ends. */
export async function withBar<T>(
  label: string,
  unit: Unit,
  total: number,
  work: (bar: Progress) => Promise<T>,
  terminal?: Terminal,
): Promise<T> {
  const bar = new Progress(label, unit, total, terminal);
  try {
    return await work(bar);
  } finally {
    bar.stop();
  }
}

/** Shows how much of a file is read while work runs. A pipe has no size, and a file may grow. */
export function withBytesBar<T>(
  label: string,
  size: number,
  work: (onBytes: (bytes: number) => void) => Promise<T>,
  terminal: Terminal,
): Promise<T> {
  const read = (bar: Progress) =>
    work((bytes) => {
      bar.grow(Math.max(size, bytes));
      bar.to(bytes);
    });
  return withBar(label, 'bytes', size, read, terminal);
}
