import { LRUCache } from 'lru-cache';

import type { EventReader } from '../event-store/port';
import { Problem } from '../http/problem';
import { notBefore, type Clock } from '../lib/clock';
import type { ReadModel, ReadModelSnapshot } from '../read-model/queries';
import type { Lane } from '../threads/lane';
import type { Place, Places } from './places';
import type { Answerer, Question, Reads } from './question';

/** Whose events an answer about the past depends on. `undefined` means everybody's. */
export type Scope =
  | { readonly users: readonly string[] }
  /** The users who own the session, or owned it before. */
  | { readonly session: string };

/** The properties of a kind of question. */
export interface QuestionKind {
  readonly answerer: (reads: Reads, store: Store) => Answerer<Question<unknown>, unknown>;
  readonly scope: (question: never) => Scope | undefined;
  /** Whether the amount to read grows with a statement or the ledger. Another thread then answers. */
  readonly isHeavy: (question: never) => boolean;
}

type Store = Pick<EventReader, 'readAll' | 'readStream'>;

/** An answer, and the position of the last event in it. */
export interface Answered {
  readonly value: unknown;
  readonly position: number;
}

/** A request for an answer. `Answers` fills in what the response carries besides its body. */
export interface Asking {
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  /** The position of the last event in the answer. */
  position?: number;
  /** Whether the question was about the past. The answer then never lags behind the ledger. */
  isPast?: boolean;
}

/** A question in the form that is sent to another thread. */
export interface AskedElsewhere {
  /** The name of the question's class. */
  readonly name: string;
  /** Its fields. */
  readonly fields: object;
  /** The moment that is "now", in milliseconds since 1970. */
  readonly now: number;
  /** The past position to answer for, and whose events it depends on. If left out, the present is meant. */
  readonly past?: { readonly place: Place; readonly scope: Scope | undefined };
}

/** Other threads, which answer what would block this one. @param key questions with the same key share work. */
export type Elsewhere = (
  asked: AskedElsewhere,
  signal: AbortSignal,
  key?: string,
) => Promise<Answered>;

/** Limits on how much of each kind may run on other threads. */
export interface AnswerLanes {
  /** Questions about the present that read a lot. */
  readonly heavy: Lane;
  /** Questions about some users in the past. */
  readonly narrow: Lane;
  /** Questions about everybody in the past: each replays the ledger. */
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
  /** Resolves once the live read model has reached a position, or after a timeout: to whether it has reached it. */
  readonly reaches: (position: number) => Promise<boolean>;
}

/** How much text of answers about the past is cached, in characters. */
const KEPT_CHARACTERS = 8 * 1024 * 1024;

/**
 * Answers questions. Those that an index answers are answered on this thread. Questions that read a lot, and those
 * about the past, go to other threads, a limited number at once. Answers about the past are cached, because they never
 * change.
 */
export class Answers {
  private readonly kept = new LRUCache<string, string>({
    maxSize: KEPT_CHARACTERS,
    sizeCalculation: (text, key) => text.length + key.length,
  });

  private forgotten = 0;

  constructor(private readonly parts: AnswersParts) {}

  /**
   * @throws Problem `invalid_parameter` if `as_of` names no position, `overloaded` if too many questions wait,
   * `not_caught_up`, and what the question's own answerer throws.
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

  /** Empties the cache, which may hold values erased since. */
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
    return live.read((snapshot) => answerLive(snapshot, kind, question, now, store));
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
    // An answer that was read before somebody was erased is not cached.
    if (forgotten === this.forgotten) this.kept.set(key, JSON.stringify(answered.value));
    return answered;
  }

  /** Answers from the users' own events. The live read model knows their streams once it has reached the position. */
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

/**
 * Answers a question about the present.
 * @param now the clock's time. The clock of the instance that recorded the last event may be ahead of it: "now" is not
 * before that event. Otherwise a plan that was just assigned would not be in force yet.
 */
export async function answerLive(
  ...[snapshot, kind, question, now, store]: Parameters<typeof answerOn>
): Promise<Answered> {
  const recordedAt = (await snapshot.standing())?.recordedAt ?? now;
  return answerOn(snapshot, kind, question, notBefore(recordedAt, now), store);
}

/** Answers a question from a snapshot. @param now the moment that counts as "now". */
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
