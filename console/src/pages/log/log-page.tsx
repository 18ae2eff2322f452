import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { useIsFinance, useZone } from '../../api/person';
import { given } from '../../api/query';
import { useRead } from '../../api/use-read';
import { instant, money, month, words } from '../../format';
import { Chip } from '../../parts/chip';
import { PageHead, Panel } from '../../parts/panel';
import { Shown } from '../../parts/state';
import { hrefTo, useRoute } from '../../route';
import { Proof } from './proof';
import { Steps } from './steps';
import { Terms } from './terms';
import { t, tx } from '../../i18n/language';

export type Log = Schema<'ExplainedUsageLog'>;

/** One line of a statement: its cost, the reason, the terms, the facts behind it, and their proof. */
export function LogPage({ id }: { readonly id: string }) {
  const isFinance = useIsFinance();
  const { asOf: as_of } = useRoute();
  const read = useRead(['log', id], () =>
    answerOf(api.GET('/v1/usage-logs/{id}', { params: { path: { id }, query: given({ as_of }) } })),
  );
  return (
    <Shown read={read}>
      {(log) => (
        <>
          <Head log={log} />
          <Panel title={t('Why it costs this')} note={words(log.billing_reason)}>
            <Steps log={log} />
          </Panel>
          <Facts log={log} />
          <Terms log={log} />
          <Events log={log} />
          {isFinance && <Proof session={log.session_id} />}
        </>
      )}
    </Shown>
  );
}

function Head({ log }: { readonly log: Log }) {
  const zone = useZone();
  return (
    <PageHead
      title={
        <>
          {log.currency} <span class="figure">{money(log.cost_cents)}</span>
        </>
      }
      under={
        <>
          {tx(
            'Attempt {0} of session {1}, for {2}, completed {3} ({4}), billed in {5} {6}',
            log.attempt,
            <a href={hrefTo(['sessions', log.session_id])}>{log.session_id}</a>,
            <a href={hrefTo(['users', log.user_id], { period: log.billing_period })}>
              <bdi>{log.user_id}</bdi>
            </a>,
            instant(log.completed_at, zone),
            zone,
            month(log.billing_period),
            log.late && <Chip tone="warn">{tx('late, used in {0}', month(log.usage_period))}</Chip>,
          )}
        </>
      }
    />
  );
}

function Facts({ log }: { readonly log: Log }) {
  const zone = useZone();
  const rows: readonly (readonly [string, unknown])[] = [
    [t('Provider'), log.stt_provider],
    [t('Type'), words(log.transcription_type)],
    [t('Duration, seconds'), log.duration_seconds],
    [t('Billed seconds'), log.billed_seconds],
    [t('Started'), log.started_at === null ? null : instant(log.started_at, zone)],
    [t('Language'), log.language],
    [t('File'), log.original_filename],
    [t('Channels'), log.channels],
    [t('Speakers'), log.speaker_count],
    [t('Confidence'), log.confidence_score],
    [t('Words'), log.word_count],
    [t('Client'), log.client_id],
  ];
  return (
    <Panel title={t('The transcription')}>
      <dl class="facts panel-body">
        {rows
          .filter(([, value]) => value !== null)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <bdi class="figure">{String(value)}</bdi>
              </dd>
            </div>
          ))}
      </dl>
    </Panel>
  );
}

function Events({ log }: { readonly log: Log }) {
  const zone = useZone();
  return (
    <Panel
      title={t('The facts')}
      note={t('What was recorded for this session, in the order in which it arrived.')}
    >
      <ol class="events">
        {log.explanation.events.map((event) => (
          <li key={event.position}>
            <details>
              <summary>
                <span>{event.type}</span>{' '}
                <span class="quiet">
                  {tx(
                    'recorded {0}, position {1}',
                    instant(event.recorded_at, zone),
                    event.position,
                  )}
                </span>
              </summary>
              <pre tabIndex={0}>{JSON.stringify(event.event, undefined, 2)}</pre>
            </details>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
