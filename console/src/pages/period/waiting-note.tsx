import { answerOf } from '../../api/answer';
import { api } from '../../api/client';
import { useRead } from '../../api/use-read';
import { count, roughly } from '../../format';
import { hrefTo, useRoute } from '../../route';
import { m, t, tx } from '../../i18n/language';

const NAMES = {
  unfinished: m('{0} unfinished'),
  pending: m('{0} pending'),
  unrated: m('{0} without a price'),
} as const;

/**
 * Says what is not billed yet, what it is worth, and where to settle it. It takes up its room even before the data is
 * read, and if nothing is waiting, so that what is below it does not move.
 */
export function WaitingNote() {
  const { asOf: as_of } = useRoute();
  const { data } = useRead(['waiting-totals'], () => {
    const query = { limit: 1, ...(as_of === undefined ? {} : { as_of }) };
    return answerOf(api.GET('/v1/audit/leaks', { params: { query } }));
  });
  const totals = data?.totals ?? [];
  if (totals.length === 0) {
    return (
      <p class="notice waiting-note">
        {data !== undefined && t('Nothing is waiting: all completed usage is billed.')}
      </p>
    );
  }
  return (
    <p class="notice warn waiting-note">
      <strong>{t('Not billed yet, over all months:')}</strong>
      {totals.map((one) => (
        <span key={`${one.kind}${one.currency}`}>
          {t(NAMES[one.kind], count(one.count))}
          {one.value_at_risk !== null && (
            <span class="figure">
              {' '}
              {tx('worth {0} {1}', one.currency, roughly(one.value_at_risk))}
            </span>
          )}
        </span>
      ))}
      <a href={hrefTo(['waiting'])}>{t('See them all')}</a>
    </p>
  );
}
