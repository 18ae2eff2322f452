const LINE_FEED = 0x0a;

/** A line of the file, without its line feed. */
export interface Line {
  /** Counted from 1. */
  readonly number: number;
  /** `undefined` if the line was too long to keep. */
  readonly bytes: Buffer | undefined;
}

/** Splits bytes into lines at 0x0A, and at nothing else. Holds at most one line, of at most `most` bytes. */
export class LineSplitter {
  private number = 0;
  private begun: Buffer[] = [];
  private length = 0;

  constructor(private readonly most: number) {}

  /** Returns the lines that end in this chunk. Take them all before the next chunk. */
  *take(chunk: Buffer): Generator<Line> {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      this.add(chunk.subarray(start, end));
      yield this.line();
      start = end + 1;
    }
    this.add(chunk.subarray(start));
  }

  /** Returns the last line, if it does not end in a line feed. */
  *end(): Generator<Line> {
    if (this.length > 0) yield this.line();
  }

  private add(piece: Buffer): void {
    this.length += piece.length;
    if (this.length > this.most) this.begun = [];
    else if (piece.length > 0) this.begun.push(piece);
  }

  private line(): Line {
    const { begun, length } = this;
    this.begun = [];
    this.length = 0;
    this.number += 1;
    if (length > this.most) return { number: this.number, bytes: undefined };
    return { number: this.number, bytes: begun.length === 1 ? begun[0]! : Buffer.concat(begun) };
  }
}

/** Returns whether a line has nothing but JSON's own white space. */
export function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
