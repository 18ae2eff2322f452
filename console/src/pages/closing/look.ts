import { allPages } from '../../api/all-pages';
import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { momentOf } from '../../api/moment';
import { given } from '../../api/query';
import { blockingIn, endedAt, waitingBefore } from './waiting-in';

type Leak = Schema<'LeakReport'>['items'][number];

/** What a person looks at before they close a month. */
export interface Look {
  readonly report: Schema<'Report'>;
  /** The pending and unrated attempts that the close is refused for. */
  readonly blocking: Waiting;
  readonly unfinished: Waiting;
  /** The moment that counts as now, in milliseconds since 1970. */
  readonly now: number;
}

interface Waiting {
  readonly items: readonly Leak[];
  /** Whether these are all, or only those among the oldest {@link MOST} of a kind. */
  readonly isAll: boolean;
}

/** The most waiting attempts of a kind that the page reads; the service itself counts all of them when it closes. */
export const MOST = 2_000;

/** @param known the month as the service knows it; `undefined` if it has no usage, so that nothing of it waits. */
export async function lookAt(
  period: string,
  known: Schema<'BillingPeriod'> | undefined,
  as_of: string | undefined,
): Promise<Look> {
  const leaksOf = (kind: Leak['kind']) => leaksUpTo(kind, known?.to, as_of);
  const [report, pending, unrated, unfinished] = await Promise.all([
    answerOf(api.GET('/v1/reports/usage', { params: { query: given({ period, as_of }) } })),
    leaksOf('pending'),
    leaksOf('unrated'),
    leaksOf('unfinished'),
  ]);
  const now = await momentOf(as_of);
  const waiting = [...pending.items, ...unrated.items];
  return {
    report,
    blocking: {
      items: known === undefined ? [] : blockingIn(waiting, known),
      isAll: pending.isWhole && unrated.isWhole,
    },
    unfinished: {
      items: known === undefined ? [] : waitingBefore(unfinished.items, known.to),
      isAll: unfinished.isWhole,
    },
    now,
  };
}

/** Reads what has waited since before a moment, oldest first. */
async function leaksUpTo(kind: Leak['kind'], to: string | undefined, as_of: string | undefined) {
  if (to === undefined) return { items: [], isWhole: true };
  return allPages<Leak>(async (cursor) => {
    const query = given({ kind, as_of, cursor, limit: 500 });
    return endedAt(await answerOf(api.GET('/v1/audit/leaks', { params: { query } })), to);
  }, MOST);
}
