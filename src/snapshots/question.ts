import type { ReadModelSnapshot } from '../read-model/queries';

/**
 * Something that readers ask. Its fields say what; they go from one thread to another, so they are plain values. `T` is
 * what is answered.
 */
export abstract class Question<T> {
  /** A position or an RFC 3339 time; left out, what is asked is how it is now. */
  abstract readonly asOf: string | undefined;
  declare protected readonly answer: T;
}

/** What answers questions of a kind. */
export interface Answerer<Q extends Question<T>, T> {
  execute(question: Q): Promise<T>;
}

/** Where answers are read. */
export interface Reads {
  /** Runs reads on one snapshot, with the moment that is "now" in it, in milliseconds since 1970. */
  read<T>(
    asOf: string | undefined,
    work: (snapshot: ReadModelSnapshot, now: number) => Promise<T>,
  ): Promise<T>;
}
