import { useState } from 'preact/hooks';

import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { useZone } from '../../api/person';
import { given } from '../../api/query';
import { useJob } from '../../api/use-job';
import { useLines } from '../../api/use-lines';
import { count, day, decimal, instant, month } from '../../format';
import { JobProgress } from '../../parts/job-progress';
import { MoreTable } from '../../parts/more-table';
import { Panel } from '../../parts/panel';
import { Problem } from '../../parts/state';
import { Table } from '../../parts/table';
import { hrefTo } from '../../route';
import { DownloadButton } from '../checks/download';
import { m, t, tx } from '../../i18n/language';

type Job = Schema<'Reconciliation'>;
type Kind = Schema<'ReconciliationItem'>['kind'];

const KINDS: readonly (readonly [Kind, string])[] = [
  ['matched', m('Matched')],
  ['only_vendor', m('Only at the vendor')],
  ['only_ledger', m('Only in the ledger')],
  ['duration_differs', m('Different duration')],
  ['repeated', m('Listed twice')],
];

interface ReconciledProps {
  readonly id: string;
  readonly onEnd: () => void;
}

/** Shows the result of a comparison. */
export function Reconciled({ id, onEnd }: ReconciledProps) {
  const { job, error } = useJob<Job>(
    id,
    (id) => answerOf(api.GET('/v1/audit/reconciliations/{id}', { params: { path: { id } } })),
    onEnd,
  );
  if (error !== undefined) return <Problem refused={error} />;
  if (job === undefined) return null;
  if (job.error !== null) return <p class="notice bad">{job.error.detail}</p>;
  if (job.status !== 'done') return <JobProgress status={job.status} progress={null} />;
  return <Result job={job} />;
}

function Result({ job }: { readonly job: Job }) {
  const [kind, setKind] = useState<Kind>(
    () => KINDS.slice(1).find(([name]) => (job[name]?.count ?? 0) > 0)?.[0] ?? 'matched',
  );
  const isClean = KINDS.slice(1).every(([name]) => job[name]?.count === 0);
  return (
    <Panel
      title={`${job.request.provider}, ${month(job.request.period)}`}
      note={t(
        '{0} {0|line|lines}, {1} {1|log|logs}',
        count(job.vendor_lines ?? 0),
        count(job.ledger_logs ?? 0),
      )}
      actions={
        <DownloadButton
          path={`${job.items_url}?format=csv`}
          name={`reconciliation-${job.request.provider}-${job.request.period}.csv`}
          text={t('Download all as CSV')}
        />
      }
    >
      <p class={`notice ${isClean ? 'good' : 'warn'}`} role="status">
        {isClean ? t('Every line and log matches.') : t('Not every line and log matches.')}
      </p>
      <Sums job={job} />
      <Days job={job} />
      <div class="panel-body">
        <div class="segments" role="group" aria-label={t('Which lines and logs')}>
          {KINDS.map(([name, text]) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === kind}
              onClick={() => setKind(name)}
            >
              {t(text)} · {count(job[name]?.count ?? 0)}
            </button>
          ))}
        </div>
      </div>
      <Items key={kind} id={job.id} kind={kind} />
    </Panel>
  );
}

function Sums({ job }: { readonly job: Job }) {
  const currencies = [
    ...new Set([...(job.vendor_cost ?? []), ...(job.billed_cost ?? [])].map((one) => one.currency)),
  ];
  const of = (amounts: Job['margin'], currency: string) => {
    const found = amounts?.find((one) => one.currency === currency);
    return found === undefined ? '–' : decimal(found.cost);
  };
  return (
    <>
      <p class="panel-body quiet">
        {tx(
          '{0} s at the vendor, {1} s in the ledger. Matched by id {2}, by session {3}, by day and duration {4}.',
          decimal(job.vendor_seconds ?? '0'),
          decimal(job.ledger_seconds ?? '0'),
          count(job.matched_by?.id ?? 0),
          count(job.matched_by?.session ?? 0),
          count(job.matched_by?.day_and_duration ?? 0),
        )}
      </p>
      {currencies.length > 0 && (
        <Table
          label={t('Cost and margin')}
          rows={currencies}
          keyOf={(currency) => currency}
          columns={[
            { head: t('Currency'), cell: (currency) => currency },
            { head: t('Their cost'), cell: (name) => of(job.vendor_cost, name), isNumber: true },
            { head: t('Billed'), cell: (name) => of(job.billed_cost, name), isNumber: true },
            { head: t('Margin'), cell: (name) => of(job.margin, name), isNumber: true },
          ]}
        />
      )}
    </>
  );
}

function Days({ job }: { readonly job: Job }) {
  const days = job.by_day ?? [];
  if (days.length === 0) return null;
  return (
    <details class="panel-body">
      <summary>{t('By day')}</summary>
      <Table
        label={t('By day')}
        rows={days}
        keyOf={(one) => one.day ?? ''}
        columns={[
          {
            head: t('Day'),
            cell: (one) => (one.day === null ? t('without a time') : day(one.day)),
          },
          { head: t('Lines'), cell: (one) => count(one.vendor_count), isNumber: true },
          { head: t('Logs'), cell: (one) => count(one.ledger_count), isNumber: true },
          { head: t('Their seconds'), cell: (one) => decimal(one.vendor_seconds), isNumber: true },
          { head: t('Our seconds'), cell: (one) => decimal(one.ledger_seconds), isNumber: true },
        ]}
      />
    </details>
  );
}

function Items({ id, kind }: { readonly id: string; readonly kind: Kind }) {
  const zone = useZone();
  const lines = useLines(['items', id, kind], async (cursor) => {
    const path = { id };
    const query = given({ kind, cursor, limit: 50 });
    const page = await answerOf(
      api.GET('/v1/audit/reconciliations/{id}/items', { params: { path, query } }),
    );
    // The type allows text for the CSV form, which this does not request.
    return page as Exclude<typeof page, string>;
  });
  return (
    <MoreTable
      label={t('Lines and logs')}
      lines={lines}
      keyOf={(_, index) => String(index)}
      empty={t('There are none.')}
      columns={[
        {
          head: t('Their id'),
          cell: (one) => one.request_id ?? one.session_id ?? '–',
        },
        {
          head: t('Time'),
          cell: (one) => {
            const time = one.started_at ?? one.completed_at;
            return time === null ? '–' : instant(time, zone);
          },
        },
        {
          head: t('Their seconds'),
          cell: (one) => (one.duration_seconds === null ? '–' : decimal(one.duration_seconds)),
          isNumber: true,
        },
        {
          head: t('Our seconds'),
          cell: (one) => (one.ledger_seconds === null ? '–' : decimal(one.ledger_seconds)),
          isNumber: true,
        },
        {
          head: t('Log'),
          cell: (one) =>
            one.usage_log_id === null ? (
              '–'
            ) : (
              <a href={hrefTo(['logs', one.usage_log_id])}>{one.usage_log_id}</a>
            ),
        },
        { head: t('User'), cell: (one) => <bdi>{one.user_id ?? '–'}</bdi>, isMinor: true },
      ]}
    />
  );
}
