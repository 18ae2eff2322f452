import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { useIsFinance, useZone } from '../../api/person';
import { given } from '../../api/query';
import { useRead } from '../../api/use-read';
import { decimal, inCurrency, instant, minutes, money, words } from '../../format';
import { Chip, type Tone } from '../../parts/chip';
import { PageHead, Panel } from '../../parts/panel';
import { Empty, Shown } from '../../parts/state';
import { Table } from '../../parts/table';
import { hrefTo, useRoute } from '../../route';
import { VoidSessionButton } from '../acts/void-session';
import { Why } from '../user/statement';
import { t, tx } from '../../i18n/language';

type Attempt = Schema<'Session'>['attempts'][number];

const TONES: Readonly<Record<Attempt['status'], Tone>> = {
  completed: 'good',
  failed: 'bad',
  open: 'plain',
  pending: 'warn',
  unrated: 'warn',
};

/** A session: its attempts, and what each costs. */
export function SessionPage({ id }: { readonly id: string }) {
  const zone = useZone();
  const isFinance = useIsFinance();
  const { asOf: as_of } = useRoute();
  const read = useRead(['session', id], () =>
    answerOf(
      api.GET('/v1/sessions/{session_id}', {
        params: { path: { session_id: id }, query: given({ as_of }) },
      }),
    ),
  );
  const when = (time: string | null) => (time === null ? '–' : instant(time, zone));
  return (
    <Shown read={read}>
      {(session) => (
        <>
          <PageHead
            title={<bdi>{id}</bdi>}
            under={
              session.user_id === null ? (
                t('A session without a user: it was voided.')
              ) : (
                <>
                  {tx(
                    'A session of {0}, {1} {2} in total',
                    <a href={hrefTo(['users', session.user_id])}>
                      <bdi>{session.user_id}</bdi>
                    </a>,
                    session.currency,
                    money(session.cost_cents),
                  )}
                </>
              )
            }
            actions={
              isFinance &&
              as_of === undefined &&
              session.attempts.length > 0 && <VoidSessionButton id={id} user={session.user_id} />
            }
          />
          <Panel title={t('Attempts')}>
            {session.attempts.length === 0 ? (
              <Empty>
                {t('Nothing counts here: the session was voided, and no fact has arrived since.')}
              </Empty>
            ) : (
              <Table
                label={t('Attempts')}
                rows={session.attempts}
                keyOf={(one) => String(one.attempt)}
                columns={[
                  { head: t('Attempt'), cell: (one) => one.attempt },
                  {
                    head: t('State'),
                    cell: (one) => (
                      <Chip tone={TONES[one.status]}>
                        {one.status === 'unrated' ? t('without a price') : words(one.status)}
                      </Chip>
                    ),
                  },
                  {
                    head: t('Type'),
                    cell: (one) =>
                      one.transcription_type === null
                        ? t('not known yet')
                        : words(one.transcription_type),
                  },
                  { head: t('Started'), cell: (one) => when(one.started_at), isMinor: true },
                  { head: t('Completed'), cell: (one) => when(one.completed_at), isMinor: true },
                  {
                    head: t('Billable'),
                    cell: (one) =>
                      one.billable === null ? '–' : one.billable ? t('yes') : t('no'),
                  },
                ]}
              />
            )}
          </Panel>
          <Panel title={t('Usage logs')} note={t('Open one to see why it costs what it does.')}>
            {session.usage_logs.length === 0 ? (
              <Empty>
                {t(
                  'Nothing is billed yet: no attempt has completed, or it waits for another one, or it has no price.',
                )}
              </Empty>
            ) : (
              <Table
                label={t('Usage logs')}
                rows={session.usage_logs}
                keyOf={(log) => log.id}
                columns={[
                  {
                    head: t('Log'),
                    cell: (log) => <a href={hrefTo(['logs', log.id])}>{log.id}</a>,
                  },
                  { head: t('Why'), cell: (log) => <Why line={log} /> },
                  {
                    head: t('Minutes'),
                    cell: (log) => minutes(log.billable_minutes),
                    isNumber: true,
                  },
                  {
                    head: t('Exact cost'),
                    cell: (log) => inCurrency(decimal(log.cost), log.currency, session.currency),
                    isNumber: true,
                    isMinor: true,
                  },
                  {
                    head: t('Billed, {0}', session.currency ?? ''),
                    cell: (log) =>
                      inCurrency(money(log.cost_cents), log.currency, session.currency),
                    isNumber: true,
                  },
                ]}
              />
            )}
          </Panel>
        </>
      )}
    </Shown>
  );
}
