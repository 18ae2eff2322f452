import { ReadModel } from '../read-model/queries';
import { SqliteReadModel } from '../read-model/sqlite/sqlite-read-model';
import type { PastReadModel } from '../snapshots/past-models';

/** An empty read model that is gone when it is closed, with both of its sides. */
export async function makePastReadModel(): Promise<PastReadModel> {
  const past = await SqliteReadModel.temporary();
  const { rows, queries } = past;
  return { rows, queries, readModel: new ReadModel(queries), close: () => past.close() };
}
