import { Problem } from '../../http/problem';
import { ThreadPace } from '../../projections/pace';
import { politely } from '../../read-model/polite';
import { ReadModel, ReadModelSnapshot } from '../../read-model/queries';
import {
  answerLive,
  answerOn,
  type Answered,
  type AskedElsewhere,
  type Scope,
} from '../../snapshots/answers';
import type { PastReadModel } from '../../snapshots/past-models';
import type { Place } from '../../snapshots/places';
import type { Question } from '../../snapshots/question';
import { fillNarrowed, narrow, usersOfSession } from '../../snapshots/users-past';
import { temporaryDatabase } from '../../read-model/sqlite/sqlite-read-model';
import { QUESTIONS } from '../questions';
import type { WorkerSide } from './worker-side';

/** Answers a question on this thread, about the present or the past. */
export async function answerTask(
  side: WorkerSide,
  { name, fields, now, past }: AskedElsewhere,
  signal: AbortSignal,
): Promise<Answered> {
  const kind = QUESTIONS.get(name)!;
  const store = await side.store();
  const question = fields as Question<unknown>;
  if (past === undefined) {
    return side.withLive(signal, ({ queries }) =>
      new ReadModel(queries, side.personal()).read((snapshot) =>
        answerLive(snapshot, kind, question, now, store),
      ),
    );
  }
  // Nobody writes to a past read model any more. Read without a transaction, which would keep its other readers out.
  const onPast = ({ queries }: PastReadModel) =>
    answerOn(
      new ReadModelSnapshot(politely(queries, signal), side.personal()),
      kind,
      question,
      now,
      store,
    );
  const { place, scope } = past;
  if (scope !== undefined) return usersPast(side, scope, place, onPast, signal);
  const whole = await side.wholePasts();
  return whole.readPast(place.position, onPast, undefined, signal);
}

/** Runs reads on the past state of some users. */
async function usersPast<T>(
  side: WorkerSide,
  scope: Scope,
  place: Place,
  work: (model: PastReadModel) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const store = await side.store();
  const users = 'users' in scope ? scope.users : await usersOfSession(store, scope.session, place);
  const fill: Parameters<WorkerSide['narrowPasts']['use']>[1] = async (rows, _, filling) => {
    const narrowed = await side.withLive(filling, ({ queries }) =>
      new ReadModel(queries).read((live) => narrow(store, live, users, side.formerUsers)),
    );
    if (narrowed === undefined) {
      throw new Problem('not_caught_up', 'The read model is being built. Ask again in a second.');
    }
    const pace = new ThreadPace(filling);
    await fillNarrowed({ store, openOrdered: temporaryDatabase, pace }, narrowed, place, rows);
  };
  const key = `${place.position} ${[...users].sort().join(' ')}`;
  return side.narrowPasts.use(key, fill, work, { signal });
}
