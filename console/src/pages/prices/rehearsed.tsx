import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { useJob } from '../../api/use-job';
import { change, count, money, month } from '../../format';
import { JobProgress } from '../../parts/job-progress';
import { Empty, Problem } from '../../parts/state';
import { Table } from '../../parts/table';
import { hrefTo } from '../../route';
import { DownloadButton } from '../checks/download';
import { t, tx } from '../../i18n/language';

/** How many bills are read: those of the first users by id. */
const FIRST = 500;

/** Shows what every user would have paid under the draft, beside what they did pay. */
export function Rehearsed({ id }: { readonly id: string }) {
  const { job, error } = useJob(id, (id) =>
    answerOf(
      api.GET('/v1/audit/rehearsals/{id}', { params: { path: { id }, query: { limit: FIRST } } }),
    ),
  );
  if (error !== undefined) return <Problem refused={error} />;
  if (job === undefined) return null;
  if (job.error !== null) return <p class="notice bad">{job.error.detail}</p>;
  if (job.result === null) return <JobProgress {...job} />;
  return <Result job={job} result={job.result} />;
}

type Page = Schema<'RehearsalPage'>;

function Result({
  job,
  result,
}: {
  readonly job: Page;
  readonly result: NonNullable<Page['result']>;
}) {
  const most = [...job.items]
    .sort((a, b) => Math.abs(b.difference_cents) - Math.abs(a.difference_cents))
    .slice(0, 20)
    .filter(({ difference_cents: cents }) => cents !== 0);
  return (
    <>
      <Table
        label={t('The months under the draft')}
        rows={result.totals}
        keyOf={(one) => `${one.period}${one.currency}`}
        columns={[
          { head: t('Month'), cell: (one) => month(one.period) },
          { head: t('Users'), cell: (one) => count(one.users), isNumber: true, isMinor: true },
          {
            head: t('Paid'),
            cell: (one) => `${one.currency} ${money(one.paid_cents)}`,
            isNumber: true,
          },
          {
            head: t('Under the draft'),
            cell: (one) => money(one.would_have_paid_cents),
            isNumber: true,
          },
          { head: t('Difference'), cell: (one) => change(one.difference_cents), isNumber: true },
        ]}
      />
      {result.waiting !== result.would_have_waited && (
        <p class="notice warn">
          {tx(
            '{0} {0|attempt is|attempts are} waiting now; under the draft, {1} would be.',
            count(result.waiting),
            count(result.would_have_waited),
          )}
        </p>
      )}
      <h3>
        {tx(
          'Whose bills would change most{0}',
          job.next_cursor === null ? '' : t(', of the first {0}', FIRST),
        )}
      </h3>
      {most.length === 0 ? (
        <Empty>
          {job.next_cursor === null
            ? t('Nobody’s bill would differ.')
            : t(
                'None of the first {0} bills would differ. Download the CSV to see all bills.',
                FIRST,
              )}
        </Empty>
      ) : (
        <Table
          label={t('Users whose bills would differ most')}
          rows={most}
          keyOf={(one) => `${one.user_id} ${one.period}${one.currency}`}
          columns={[
            {
              head: t('User'),
              cell: (one) => (
                <a href={hrefTo(['users', one.user_id], { period: one.period })}>
                  <bdi>{one.user_id}</bdi>
                </a>
              ),
            },
            { head: t('Month'), cell: (one) => month(one.period, 'short') },
            { head: t('Paid'), cell: (one) => money(one.paid_cents), isNumber: true },
            {
              head: t('Under the draft'),
              cell: (one) => money(one.would_have_paid_cents),
              isNumber: true,
            },
            { head: t('Difference'), cell: (one) => change(one.difference_cents), isNumber: true },
          ]}
        />
      )}
      <div>
        <DownloadButton
          path={`/v1/audit/rehearsals/${encodeURIComponent(job.id)}?format=csv`}
          name={`rehearsal-${job.id}.csv`}
          text={t('Download all as CSV')}
        />
      </div>
    </>
  );
}
