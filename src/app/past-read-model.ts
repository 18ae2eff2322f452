import { ReadModel } from '../read-model/queries';
import { SqliteReadModel } from '../read-model/sqlite/sqlite-read-model';
import type { PastReadModel } from '../snapshots/past-models';

/** Makes an empty read model, to write and to query, that is deleted when it is closed. */
export async function makePastReadModel(): Promise<PastReadModel> {
  const past = await SqliteReadModel.temporary();
  const { rows, queries } = past;
  return { rows, queries, readModel: new ReadModel(queries), close: () => past.close() };
}
