/** Thrown if something in a bundle does not follow. The message is a sentence for people. */
export class DoesNotFollow extends Error {
  constructor(readonly text: string) {
    super(text);
    this.name = 'DoesNotFollow';
  }
}

/** Something that does not follow, and where it is. */
export interface Problem {
  /** The line of the file, from 1; null if the problem is not about one line. */
  readonly line: number | null;
  /** The index of the event that the problem is about. */
  readonly index: number | null;
  readonly text: string;
}

/** Keeps the first problems and counts the rest, because everything in a bundle may be wrong. */
export class Problems {
  readonly shown: Problem[] = [];
  count = 0;

  constructor(private readonly most: number) {}

  add(text: string, line: number | null = null, index: number | null = null): void {
    this.count += 1;
    if (this.shown.length < this.most) this.shown.push({ line, index, text });
  }
}
