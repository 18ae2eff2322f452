import { counted } from '../lib/counted';
import type { ProgressView } from '../replay/progress';
import { Progress } from './progress';

/** Shows progress while work runs: a bar of events with rate and time left, then the number of rows compared. */
export async function withProgress<T>(
  shown: boolean,
  work: (report: (progress: ProgressView) => void) => Promise<T>,
): Promise<T> {
  if (!shown) return work(() => undefined);
  let events: Progress | undefined;
  let rows = 0;
  try {
    return await work((progress) => {
      events ??= new Progress('replaying', 'events', progress.of);
      events.grow(progress.of);
      events.to(progress.size);
      if (progress.phase === 'comparing' && progress.rows_compared > rows) {
        rows = progress.rows_compared;
        events.note(`${counted(rows, 'row')} compared`);
      }
    });
  } finally {
    events?.stop();
  }
}
