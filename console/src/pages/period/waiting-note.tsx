import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { count, roughly } from '../../format';
import { hrefTo } from '../../route';
import { m, t, tx } from '../../i18n/language';

const NAMES = {
  unfinished: 'unfinished',
  pending: 'pending',
  unrated: m('without a price'),
} as const;

export type WaitingTotals = NonNullable<Schema<'LeakReport'>['totals']>;

/** What is not billed yet, added up over all months. */
export async function readWaitingTotals(as_of: string | undefined): Promise<WaitingTotals> {
  const query = { limit: 1, ...(as_of === undefined ? {} : { as_of }) };
  return (await answerOf(api.GET('/v1/audit/leaks', { params: { query } }))).totals ?? [];
}

/** What is not billed yet, with its worth, and the way to settle it. Nothing is shown if nothing waits. */
export function WaitingNote({ totals }: { readonly totals: WaitingTotals }) {
  if (totals.length === 0) return null;
  return (
    <p class="notice warn waiting-note">
      <strong>{t('Not billed yet, over all months:')}</strong>
      {totals.map((one) => (
        <span key={`${one.kind}${one.currency}`}>
          {count(one.count)} {t(NAMES[one.kind])}
          {one.value_at_risk !== null && (
            <span class="figure">
              {' '}
              {tx('worth {0} {1}', one.currency, roughly(one.value_at_risk))}
            </span>
          )}
        </span>
      ))}
      <a href={hrefTo(['waiting'])}>{t('Look at them')}</a>
    </p>
  );
}
