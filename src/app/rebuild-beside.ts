import type { Config } from '../config/config';
import type { EventReader } from '../event-store/port';
import { project } from '../projections/project';
import { compareReadModels, type Sides } from '../read-model/compare';
import type { Difference } from '../read-model/difference';
import { SqliteReadModel } from '../read-model/sqlite/sqlite-read-model';
import { openReadModelReader } from './stores';

const SHOWN_DIFFERENCES = 100;

/**
 * Fills an empty read model in a separate file, up to a position, and compares it with the live one, row by row.
 * Returns the first differences, at most 100; none if they are equal.
 */
export async function rebuildBeside(
  config: Config,
  store: EventReader,
  upTo: number,
  path: string,
  onProgress: (position: number) => void,
): Promise<Difference[]> {
  const rebuilt = await SqliteReadModel.open(path);
  try {
    const live = await openReadModelReader(config);
    try {
      await project(store, rebuilt.rows, upTo, onProgress);
      return await firstDifferences({ live: live.queries, replayed: rebuilt.queries });
    } finally {
      await live.close();
    }
  } finally {
    await rebuilt.close();
  }
}

async function firstDifferences(sides: Sides): Promise<Difference[]> {
  const found: Difference[] = [];
  const compared = compareReadModels(
    () => Promise.resolve(sides),
    {},
    () => undefined,
  );
  for await (const difference of compared) {
    found.push(difference);
    if (found.length >= SHOWN_DIFFERENCES) break;
  }
  return found;
}
