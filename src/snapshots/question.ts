import type { ReadModelSnapshot } from '../read-model/queries';

/**
 * A question of a reader. Its fields hold the parameters. They are plain values, because questions move between
 * threads. `T` is the type of the answer.
 */
export abstract class Question<T> {
  /** A position or an RFC 3339 time. If left out, the question is about the present. */
  abstract readonly asOf: string | undefined;
  declare protected readonly answer: T;
}

/** Answers questions of one kind. */
export interface Answerer<Q extends Question<T>, T> {
  execute(question: Q): Promise<T>;
}

/** Where an answerer reads. */
export interface Reads {
  /** Runs reads on one snapshot, with the moment that counts as "now", in milliseconds since 1970. */
  read<T>(
    asOf: string | undefined,
    work: (snapshot: ReadModelSnapshot, now: number) => Promise<T>,
  ): Promise<T>;
}
