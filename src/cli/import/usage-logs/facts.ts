import { printInstant } from '../../../domain/time';
import { groupBy } from '../../../lib/group-by';
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

const NEXT = `SELECT * FROM rows WHERE code IS NULL AND (turn, attempt, line) > (?, ?, ?)
  ORDER BY turn, attempt, line LIMIT ?`;

/**
 * Returns the facts in batches, in the order in which they happened, so that statements only grow at the end. An
 * attempt comes after the earlier ones of its session, in another batch, and not at all if it was refused meanwhile.
 */
export function* factsOf(
  workspace: Workspace,
  source: string,
  batch: number,
): Generator<SoundLine[]> {
  const next = workspace.prepare<[number, number, number, number], StoredRow>(NEXT);
  const code = workspace.prepare<[number]>('SELECT code FROM rows WHERE line = ?').pluck();
  const isSound = ({ line }: StoredRow) => code.get(line) === null;
  let [turn, attempt, line] = [-1, -1, -1];
  for (;;) {
    const rows = next.all(turn, attempt, line, batch);
    if (rows.length === 0) return;
    ({ turn, attempt, line } = rows.at(-1) as { turn: number; attempt: number; line: number });
    const byAttempt = [...groupBy(rows, (row) => row.attempt!)].sort(([a], [b]) => a - b);
    for (const [, group] of byAttempt) {
      const sound = group.filter(isSound);
      if (sound.length > 0) yield sound.map((row) => factOf(row, source));
    }
  }
}
