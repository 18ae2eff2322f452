import type { Config } from '../../config/config';
import type { EventStore } from '../../event-store/port';
import type { Clock } from '../../lib/clock';
import type { ThreadedProjector } from '../../projections/hosted/threaded-projector';
import type { ReadModel } from '../../read-model/queries';
import { Answers, type AnswerLanes } from '../../snapshots/answers';
import type { Places } from '../../snapshots/places';
import { Lane } from '../../threads/lane';
import { QUESTIONS } from '../questions';
import { elsewhereOn, type Workers } from '../threads/pooled';

/** How long a read as of a position waits for the live read model to reach that position, in milliseconds. */
const WAIT_MS = 2_000;

interface AnsweringParts {
  readonly config: Config;
  readonly pool: Workers;
  readonly store: EventStore;
  readonly readModel: ReadModel;
  readonly clock: Clock;
  readonly places: Places;
  readonly projector: Pick<ThreadedProjector, 'waiter'>;
}

/** Makes `Answers`, which answers questions on this thread or on threads of the pool. */
export function answersOf(parts: AnsweringParts): Answers {
  const { config, pool, store, readModel, clock, places, projector } = parts;
  return new Answers({
    kinds: QUESTIONS,
    live: readModel,
    store,
    clock,
    places,
    elsewhere: elsewhereOn(pool),
    lanes: lanesOf(config.limits.workerThreads),
    reaches: (position) => projector.waiter.waitFor(position, WAIT_MS),
  });
}

/** Limits per kind of question. A thread may work on several, which take turns, so `atOnce` may exceed `threads`. */
function lanesOf(threads: number): AnswerLanes {
  return {
    heavy: new Lane({
      atOnce: 2 * threads,
      waiting: 64,
      refusal: 'Too many reports are being made already. Ask again in a second.',
      retryAfterSeconds: 1,
    }),
    narrow: new Lane({
      atOnce: threads,
      waiting: 16,
      refusal: 'Too many answers about the past are being made already. Ask again in a moment.',
      retryAfterSeconds: 5,
    }),
    whole: new Lane({
      atOnce: 1,
      waiting: 4,
      refusal:
        'Too many answers about the past of all users are waiting. They are made one at a time. Ask again in half a minute.',
      retryAfterSeconds: 30,
    }),
  };
}
