import { printInstant } from '../../../domain/time';
import type { SoundLine } from '../judge';
import type { StoredRow, Workspace } from './workspace';

/** Makes a CloudEvent line from a row. Its id is derived from the row's, so the same row always gives the same fact. */
function factOf(row: StoredRow, source: string): SoundLine {
  const type = row.failed === 1 ? 'failed' : 'completed';
  const event = {
    specversion: '1.0',
    id: `usage-log:${row.id}`,
    source,
    type: `transcription.session.${type}`,
    time: printInstant(row.at!),
    data: {
      session_id: row.session,
      user_id: row.user,
      attempt: row.attempt,
      stt_provider: row.provider,
      duration_seconds: row.failed === 1 ? undefined : row.seconds,
      ...(JSON.parse(row.data!) as object),
    },
  };
  return { number: row.line, bytes: Buffer.from(JSON.stringify(event)) };
}

const NEXT = `SELECT * FROM rows WHERE code IS NULL AND (at, line) > (?, ?) ORDER BY at, line LIMIT ?`;

/** Returns the facts in batches, in the order in which they happened, so that statements only grow at the end. */
export function* factsOf(
  workspace: Workspace,
  source: string,
  batch: number,
): Generator<SoundLine[]> {
  const next = workspace.prepare<[number, number, number], StoredRow>(NEXT);
  let [at, line] = [-1, -1];
  for (;;) {
    const rows = next.all(at, line, batch);
    if (rows.length === 0) return;
    ({ at, line } = rows.at(-1) as { at: number; line: number });
    yield rows.map((row) => factOf(row, source));
  }
}
