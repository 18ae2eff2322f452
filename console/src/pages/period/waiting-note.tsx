import { answerOf } from '../../api/answer';
import { api } from '../../api/client';
import { useRead } from '../../api/use-read';
import { count, roughly } from '../../format';
import { hrefTo, useRoute } from '../../route';

const NAMES = { unfinished: 'unfinished', pending: 'pending', unrated: 'without a price' } as const;

/** What is not billed yet, with its worth, and the way to settle it. Nothing is shown if nothing waits. */
export function WaitingNote() {
  const { asOf: as_of } = useRoute();
  const { data } = useRead(['waiting-totals'], () => {
    const query = { limit: 1, ...(as_of === undefined ? {} : { as_of }) };
    return answerOf(api.GET('/v1/audit/leaks', { params: { query } }));
  });
  const totals = data?.totals ?? [];
  if (totals.length === 0) return null;
  return (
    <p class="notice warn waiting-note">
      <strong>Not billed yet, over all months:</strong>
      {totals.map((one) => (
        <span key={`${one.kind}${one.currency}`}>
          {count(one.count)} {NAMES[one.kind]}
          {one.value_at_risk !== null && (
            <span class="figure">
              {' '}
              worth {one.currency} {roughly(one.value_at_risk)}
            </span>
          )}
        </span>
      ))}
      <a href={hrefTo(['waiting'])}>Look at them</a>
    </p>
  );
}
