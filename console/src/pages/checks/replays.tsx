import { useState } from 'preact/hooks';

import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { useJob } from '../../api/use-job';
import { useStartedJob } from '../../api/use-started-job';
import { count, month } from '../../format';
import { Check } from '../../parts/field';
import { JobProgress } from '../../parts/job-progress';
import { Panel } from '../../parts/panel';
import { Problem } from '../../parts/state';
import { useRoute } from '../../route';
import { t, tx } from '../../i18n/language';

type Difference = NonNullable<NonNullable<Schema<'Replay'>['result']>['items']>[number];

/** Derives the answers from the events again and compares them with the live ones. */
export function Replays({ period }: { readonly period: string }) {
  const { asOf: as_of } = useRoute();
  const [isAll, setAll] = useState(false);
  const body = { ...(isAll ? {} : { period }), ...(as_of === undefined ? {} : { as_of }) };
  const { job, refused, isStarting, start } = useStartedJob(
    JSON.stringify(body),
    async () => (await answerOf(api.POST('/v1/audit/replays', { body }))).id,
  );
  return (
    <Panel
      title={t('Replay')}
      note={t(
        'Checks that the service’s answers follow from the events. Reads all events again and changes nothing.',
      )}
    >
      <div class="panel-body">
        <div class="form-row">
          <button
            class="button primary"
            type="button"
            disabled={isStarting}
            onClick={() => void start()}
          >
            {tx('Replay {0}', isAll ? t('everything') : month(period))}
          </button>
          <Check label={t('All months')} isOn={isAll} onChange={setAll} />
        </div>
        {refused !== undefined && <Problem refused={refused} />}
        {job !== undefined && <Replayed key={job} id={job} />}
      </div>
    </Panel>
  );
}

function Replayed({ id }: { readonly id: string }) {
  const { job, error } = useJob(id, (id) =>
    answerOf(api.GET('/v1/audit/replays/{id}', { params: { path: { id } } })),
  );
  if (error !== undefined) return <Problem refused={error} />;
  if (job === undefined) return null;
  if (job.error !== null) return <p class="notice bad">{job.error.detail}</p>;
  if (job.result === null) return <JobProgress {...job} />;
  const {
    differences,
    rows_compared: rows,
    size,
    closed_periods_checked: closed,
    items = [],
  } = job.result;
  return (
    <>
      <p class={differences === 0 ? 'notice good' : 'notice bad'} role="status">
        {tx(
          '{0} {1} {1|row was|rows were} derived from {2} {2|event|events} and compared; {3} closed {3|month was|months were} checked.',
          <strong>
            {differences === 0
              ? t('Everything follows.')
              : t('{0} {0|row differs|rows differ}.', count(differences))}
          </strong>,
          count(rows),
          count(size),
          count(closed),
        )}
      </p>
      {items.map((item, index) => (
        <Sides key={index} item={item} />
      ))}
    </>
  );
}

function Sides({ item }: { readonly item: Difference }) {
  return (
    <details>
      <summary>
        {item.table} {JSON.stringify(item.key)} <span class="quiet">{item.fields.join(', ')}</span>
      </summary>
      <div class="columns">
        <figure>
          <figcaption>{t('As answered')}</figcaption>
          <pre tabIndex={0}>{JSON.stringify(item.live, undefined, 2)}</pre>
        </figure>
        <figure>
          <figcaption>{t('As replayed')}</figcaption>
          <pre tabIndex={0}>{JSON.stringify(item.replayed, undefined, 2)}</pre>
        </figure>
      </div>
    </details>
  );
}
