import { useState } from 'preact/hooks';

import { allPages } from '../../api/all-pages';
import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { useZone } from '../../api/person';
import { given } from '../../api/query';
import { useRead } from '../../api/use-read';
import { instant } from '../../format';
import { Act, Written } from '../../parts/act';
import { anew } from '../../parts/anew';
import { Field, Select } from '../../parts/field';
import { PageHead, Panel } from '../../parts/panel';
import { CutOff, Empty, Shown } from '../../parts/state';
import { Table } from '../../parts/table';
import { bodyOf, isLevel, levelOf, METRICS, type Metric } from './alert-body';
import { t, tx } from '../../i18n/language';

type Alert = Schema<'Alert'>;

const MOST = 2_000;
const METRIC_NAMES = Object.keys(METRICS) as readonly Metric[];
const nameOf = (metric: Metric) => t(METRICS[metric].text);

/** Lists, makes and deletes alerts. */
export function AlertsPage() {
  const zone = useZone();
  const read = useRead(['alerts'], () =>
    allPages(
      (cursor) =>
        answerOf(api.GET('/v1/alerts', { params: { query: given({ cursor, limit: 500 }) } })),
      MOST,
    ),
  );
  const { again } = read;
  return (
    <>
      <PageHead
        title={t('Alerts')}
        under={t('Each is reached at most once per user and month. Webhooks are notified.')}
        actions={<NewAlertButton onMade={again} />}
      />
      <Shown read={read}>
        {(alerts) => (
          <Panel title={t('All alerts')}>
            {alerts.items.length === 0 ? (
              <Empty>{t('There is no alert yet.')}</Empty>
            ) : (
              <Table
                label={t('Alerts')}
                rows={[...alerts.items].reverse()}
                keyOf={({ id }) => id}
                columns={[
                  { head: t('Name'), cell: ({ name }) => <bdi>{name}</bdi> },
                  { head: t('Metric'), cell: ({ metric }) => nameOf(metric) },
                  { head: t('Threshold'), cell: levelOf, isNumber: true },
                  { head: t('User'), cell: (one) => <bdi>{one.user_id ?? t('each user')}</bdi> },
                  {
                    head: t('Created'),
                    cell: (one) => instant(one.created_at, zone),
                    isMinor: true,
                  },
                  { head: t('Delete'), cell: (one) => <DeleteAlert of={one} onGone={again} /> },
                ]}
              />
            )}
            <CutOff of={alerts} />
          </Panel>
        )}
      </Shown>
    </>
  );
}

const NewAlertButton = anew(function NewAlertButton({ onMade }: { readonly onMade: () => void }) {
  const [name, setName] = useState('');
  const [metric, setMetric] = useState<Metric>('billable_minutes');
  const [how, setHow] = useState<'threshold' | 'share_of_limit'>('threshold');
  const [level, setLevel] = useState('');
  const [user, setUser] = useState('');
  const [currency, setCurrency] = useState('');
  const { hasLimit, hasUser } = METRICS[metric];
  const body = bodyOf({ name, metric, how, level, user, currency });
  const isShare = hasLimit && how === 'share_of_limit';
  const isLevelWrong = level.trim() !== '' && !isLevel(level);
  return (
    <Act
      button={t('New alert')}
      buttonKind="primary"
      title={t('Make an alert')}
      confirm={t('Make the alert')}
      body={body}
      hasKey={false}
      write={(body) => answerOf(api.POST('/v1/alerts', { body }))}
      onDone={onMade}
      done={({ name }) => <strong>{tx('{0} is watched from now on.', <bdi>{name}</bdi>)}</strong>}
      review={(body) => (
        <Written
          rows={[
            [t('Name'), <bdi key="name">{body.name}</bdi>],
            [t('Metric'), nameOf(body.metric)],
            [
              t('Threshold'),
              levelOf({
                metric: body.metric,
                threshold: body.threshold ?? null,
                share_of_limit: body.share_of_limit ?? null,
                currency: body.currency ?? null,
              }),
            ],
            [t('User'), <bdi key="user">{body.user_id ?? t('each user')}</bdi>],
          ]}
        />
      )}
      form={
        <>
          <Field label={t('Name')} value={name} onInput={setName} pointer="/name" required />
          <Select
            label={t('Metric')}
            value={metric}
            onChange={(value) => setMetric(value as Metric)}
            options={METRIC_NAMES.map((name) => [name, nameOf(name)] as const)}
          />
          {hasLimit && (
            <Select
              label={t('Reached at')}
              value={how}
              onChange={(value) => setHow(value as typeof how)}
              options={[
                ['threshold', t('a number')],
                ['share_of_limit', t('a share of the plan’s limit')],
              ]}
            />
          )}
          <Field
            label={isShare ? t('Share') : t('Threshold')}
            hint={isShare ? t('0.8 is 80%.') : hasLimit ? undefined : t('In cents: 5000 is 50.00.')}
            value={level}
            onInput={setLevel}
            fault={isLevelWrong ? t('Enter a decimal above 0.') : undefined}
            pointer={isShare ? '/share_of_limit' : '/threshold'}
            required
          />
          {hasUser && (
            <Field
              label={t('User')}
              value={user}
              onInput={setUser}
              placeholder={t('each user')}
              pointer="/user_id"
            />
          )}
          {!hasLimit && (
            <Field
              label={t('Currency')}
              value={currency}
              onInput={setCurrency}
              placeholder="TWD"
              pointer="/currency"
            />
          )}
        </>
      }
    />
  );
});

function DeleteAlert({ of, onGone }: { readonly of: Alert; readonly onGone: () => void }) {
  return (
    <Act
      button={t('Delete')}
      buttonKind="small"
      title={t('Delete an alert')}
      confirm={t('Delete it')}
      body={of.id}
      hasKey={false}
      write={async (id) => {
        await answerOf(
          api.DELETE('/v1/alerts/{id}', {
            params: { path: { id } },
          }),
        );
      }}
      onDone={onGone}
      done={() => <strong>{t('Deleted.')}</strong>}
      form={<p>{tx('Nobody is notified of {0} any more.', <bdi>{of.name}</bdi>)}</p>}
      review={() => <Written rows={[[t('Name'), <bdi key="name">{of.name}</bdi>]]} />}
    />
  );
}
