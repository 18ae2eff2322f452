import { LRUCache } from 'lru-cache';

import type { EventReader } from '../event-store/port';
import { Problem } from '../http/problem';
import type { Clock } from '../lib/clock';
import type { ReadModel, ReadModelSnapshot } from '../read-model/queries';
import type { Lane } from '../threads/lane';
import type { Place, Places } from './places';
import type { Answerer, Question, Reads } from './question';

/** Whose events an answer as of a place follows from; `undefined`: everybody's. */
export type Scope =
  | { readonly users: readonly string[] }
  /** The users whose session it is, or was. */
  | { readonly session: string };

/** What is to be known of a kind of question. */
export interface QuestionKind {
  readonly answerer: (reads: Reads, store: Store) => Answerer<Question<unknown>, unknown>;
  readonly scope: (question: never) => Scope | undefined;
  /** Whether what is read for it grows with a statement or the ledger: then another thread answers. */
  readonly isHeavy: (question: never) => boolean;
}

type Store = Pick<EventReader, 'readAll' | 'readStream'>;

/** An answer, and the position of the last event in it. */
export interface Answered {
  readonly value: unknown;
  readonly position: number;
}

/** Who asks, and what the answer carries besides its body. */
export interface Asking {
  /** Aborted when whoever asks goes away. */
  readonly signal: AbortSignal;
  /** The position of the last event in the answer. */
  position?: number;
  /** Whether the answer is of a place that was asked for: then it is behind nothing. */
  isPast?: boolean;
}

/** A question as it goes to another thread. */
export interface AskedElsewhere {
  /** The name of the question's class. */
  readonly name: string;
  /** Its fields. */
  readonly fields: object;
  /** The moment that is "now", in milliseconds since 1970. */
  readonly now: number;
  /** The place that it is asked as of, and whose events that takes; left out, it is asked of how things are. */
  readonly past?: { readonly place: Place; readonly scope: Scope | undefined };
}

/** Other threads, which answer what would keep this one. @param key what is asked under the same one shares work. */
export type Elsewhere = (
  asked: AskedElsewhere,
  signal: AbortSignal,
  key?: string,
) => Promise<Answered>;

/** How much of each kind may be under way elsewhere. */
export interface AnswerLanes {
  /** What reads much of how things are. */
  readonly heavy: Lane;
  /** Questions about some users, as of a place. */
  readonly narrow: Lane;
  /** Questions about everybody, as of a place: a replay of the ledger. */
  readonly whole: Lane;
}

interface AnswersParts {
  readonly kinds: ReadonlyMap<string, QuestionKind>;
  readonly live: ReadModel;
  readonly store: Store;
  readonly clock: Clock;
  readonly places: Pick<Places, 'placeOf'>;
  readonly elsewhere: Elsewhere;
  readonly lanes: AnswerLanes;
  /** Resolves to whether the live read model has come to a position, when it has or that takes too long. */
  readonly reaches: (position: number) => Promise<boolean>;
}

/** How much text of past answers is kept, in characters. */
const KEPT_CHARACTERS = 8 * 1024 * 1024;

/**
 * Answers questions: what an index finds, here and now; what reads much, and the past, on other threads, so many at a time.
 * Answers of the past are kept: they never change.
 */
export class Answers {
  private readonly kept = new LRUCache<string, string>({
    maxSize: KEPT_CHARACTERS,
    sizeCalculation: (text, key) => text.length + key.length,
  });

  private forgotten = 0;

  constructor(private readonly parts: AnswersParts) {}

  /**
   * @throws Problem `invalid_parameter` if `as_of` names no place, `overloaded` if too much is asked already,
   *   `not_caught_up`, and what the question's own answerer throws.
   */
  async ask<T>(question: Question<T>, asking: Asking): Promise<T> {
    const kind = this.parts.kinds.get(question.constructor.name)!;
    const answered =
      question.asOf === undefined
        ? await this.now(kind, question, asking)
        : await this.past(kind, question, question.asOf, asking);
    asking.position = answered.position;
    return answered.value as T;
  }

  /** What is kept may hold what was erased since. */
  forget(): void {
    this.forgotten += 1;
    this.kept.clear();
  }

  private now(
    kind: QuestionKind,
    question: Question<unknown>,
    { signal }: Asking,
  ): Promise<Answered> {
    const { live, store, clock, lanes } = this.parts;
    const now = clock.now();
    if (kind.isHeavy(question as never)) {
      return lanes.heavy.run(() => this.elsewhere(question, now, signal), signal);
    }
    return live.read((snapshot) => answerOn(snapshot, kind, question, now, store));
  }

  private async past(
    kind: QuestionKind,
    question: Question<unknown>,
    asOf: string,
    asking: Asking,
  ): Promise<Answered> {
    const place = await this.parts.places.placeOf(asOf);
    const { position } = place;
    asking.isPast = true;
    const name = question.constructor.name;
    const key = JSON.stringify([name, position, place.now, { ...question, asOf: undefined }]);
    const known = this.kept.get(key);
    if (known !== undefined) return { value: JSON.parse(known), position };
    const { forgotten } = this;
    const scope = kind.scope(question as never);
    const answered =
      scope === undefined
        ? await this.ofAll(question, place, asking)
        : await this.ofSome(question, place, scope, asking);
    // What was read before somebody was erased is not kept.
    if (forgotten === this.forgotten) this.kept.set(key, JSON.stringify(answered.value));
    return answered;
  }

  /** It follows from the users' own events, which the live read model knows once it has the place. */
  private async ofSome(
    question: Question<unknown>,
    place: Place,
    scope: Scope,
    { signal }: Asking,
  ): Promise<Answered> {
    const { lanes, reaches } = this.parts;
    if (!(await reaches(place.position))) {
      throw new Problem(
        'not_caught_up',
        `The read model is not yet at position ${place.position}. Ask again in a second.`,
      );
    }
    const key = `${place.position} ${JSON.stringify(scope)}`;
    const past = { place, scope };
    return lanes.narrow.run(() => this.elsewhere(question, place.now, signal, past, key), signal);
  }

  private ofAll(question: Question<unknown>, place: Place, { signal }: Asking): Promise<Answered> {
    const past = { place, scope: undefined };
    return this.parts.lanes.whole.run(
      () => this.elsewhere(question, place.now, signal, past, String(place.position)),
      signal,
    );
  }

  private elsewhere(
    question: Question<unknown>,
    now: number,
    signal: AbortSignal,
    past?: NonNullable<AskedElsewhere['past']>,
    key?: string,
  ): Promise<Answered> {
    const { name } = question.constructor;
    const asked = { name, fields: { ...question }, now, ...(past === undefined ? {} : { past }) };
    return this.parts.elsewhere(asked, signal, key);
  }
}

/** Answers a question from a snapshot. @param now the moment that is "now" in it. */
export async function answerOn(
  snapshot: ReadModelSnapshot,
  kind: QuestionKind,
  question: Question<unknown>,
  now: number,
  store: Store,
): Promise<Answered> {
  const reads: Reads = { read: (_, work) => work(snapshot, now) };
  const value = await kind.answerer(reads, store).execute(question);
  return { value, position: await snapshot.position() };
}
