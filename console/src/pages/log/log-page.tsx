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

export type Log = Schema<'ExplainedUsageLog'>;

/** One line of a statement: what it costs, why, by which terms, from which facts, and the proof of these. */
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
          <Panel title="Why it costs this" note={words(log.billing_reason)}>
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
          Attempt {log.attempt} of session{' '}
          <a href={hrefTo(['sessions', log.session_id])}>{log.session_id}</a>, for{' '}
          <a href={hrefTo(['users', log.user_id], { period: log.billing_period })}>
            <bdi>{log.user_id}</bdi>
          </a>
          , completed {instant(log.completed_at, zone)} ({zone}), billed in{' '}
          {month(log.billing_period)}{' '}
          {log.late && <Chip tone="warn">late, used in {month(log.usage_period)}</Chip>}
        </>
      }
    />
  );
}

function Facts({ log }: { readonly log: Log }) {
  const zone = useZone();
  const rows: readonly (readonly [string, unknown])[] = [
    ['Provider', log.stt_provider],
    ['Type', words(log.transcription_type)],
    ['Duration, seconds', log.duration_seconds],
    ['Billed seconds', log.billed_seconds],
    ['Started', log.started_at === null ? null : instant(log.started_at, zone)],
    ['Language', log.language],
    ['File', log.original_filename],
    ['Channels', log.channels],
    ['Speakers', log.speaker_count],
    ['Confidence', log.confidence_score],
    ['Words', log.word_count],
    ['Client', log.client_id],
  ];
  return (
    <Panel title="The transcription">
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
      title="The facts"
      note="What was recorded of this session, in the order in which it came."
    >
      <ol class="events">
        {log.explanation.events.map((event) => (
          <li key={event.position}>
            <details>
              <summary>
                <span>{event.type}</span>{' '}
                <span class="quiet">
                  recorded {instant(event.recorded_at, zone)}, position {event.position}
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
