import { printInstant } from '../domain/time';
import type { Page } from '../http/cursor';
import type { UsageLogRow } from '../read-model/rows';
import type { Answerer, Reads } from '../snapshots/question';
import { answerSearch, Search } from './search';

/** A usage log in a list over all users, without its cost: that depends on the whole statement. */
export interface ListedLog {
  readonly id: string;
  readonly session_id: string;
  readonly user_id: string;
  readonly attempt: number;
  readonly transcription_type: string;
  readonly stt_provider: string;
  readonly duration_seconds: string;
  readonly completed_at: string;
  readonly billing_period: string;
  readonly currency: string;
}

/** The usage logs of all users, by id. */
export class LogsOfAll extends Search<ListedLog> {}

export class LogsOfAllHandler implements Answerer<LogsOfAll, Page<ListedLog>> {
  constructor(private readonly models: Reads) {}

  execute(asked: LogsOfAll): Promise<Page<ListedLog>> {
    return answerSearch(this.models, asked, 'logs', async (ids, { snapshot }) => {
      const rows = new Map((await snapshot.listings.logs(ids)).map((row) => [row.id, row]));
      return ids.map((id) => listed(rows.get(id)!));
    });
  }
}

function listed(row: Omit<UsageLogRow, 'described'>): ListedLog {
  return {
    id: row.id,
    session_id: row.session_id,
    user_id: row.user_id,
    attempt: row.attempt,
    transcription_type: row.transcription_type,
    stt_provider: row.stt_provider,
    duration_seconds: row.duration_seconds,
    completed_at: printInstant(row.completed_at),
    billing_period: row.billing_period,
    currency: row.currency,
  };
}
