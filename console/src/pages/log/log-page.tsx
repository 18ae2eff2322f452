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

/** Fields that the head of the page or another panel shows. */
type Elsewhere =
  | 'attempt'
  | 'billing_period'
  | 'billing_reason'
  | 'completed_at'
  | 'cost'
  | 'cost_cents'
  | 'currency'
  | 'explanation'
  | 'included_seconds'
  | 'late'
  | 'plan'
  | 'rate_card_id'
  | 'session_id'
  | 'usage_period'
  | 'user_id';

/** Fields that the page does not show. The events under "The facts" have those that producers send. */
type NotShown =
  | 'billable'
  | 'billable_minutes'
  | 'character_count'
  | 'enable_diarization'
  | 'erased'
  | 'file_size_bytes'
  | 'id'
  | 'parent_log_id'
  | 'position'
  | 'processing_time_seconds'
  | 'provider_metadata'
  | 'retry_count';

type FactRows = Readonly<
  Record<Exclude<keyof Log, Elsewhere | NotShown>, readonly [name: string, value: unknown]>
>;

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
          {isFinance && <Proof log={log} />}
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
  const rows: FactRows = {
    stt_provider: [t('Provider'), log.stt_provider],
    transcription_type: [t('Type'), words(log.transcription_type)],
    duration_seconds: [t('Duration, seconds'), log.duration_seconds],
    billed_seconds: [t('Billed seconds'), log.billed_seconds],
    started_at: [t('Started'), log.started_at === null ? null : instant(log.started_at, zone)],
    language: [t('Language'), log.language],
    original_filename: [t('File'), log.original_filename],
    channels: [t('Channels'), log.channels],
    speaker_count: [t('Speakers'), log.speaker_count],
    confidence_score: [t('Confidence'), log.confidence_score],
    word_count: [t('Words'), log.word_count],
    client_id: [t('Client'), log.client_id],
  };
  return (
    <Panel title={t('The transcription')}>
      <dl class="facts panel-body">
        {Object.values(rows)
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
      {!log.explanation.events_complete && (
        <p class="panel-body quiet">
          {t(
            'The session has more facts. Only the first {0} are shown.',
            log.explanation.events.length,
          )}
        </p>
      )}
    </Panel>
  );
}
