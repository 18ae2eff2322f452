import { useState } from 'preact/hooks';

import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { useHead } from '../../api/head';
import { useZone } from '../../api/person';
import { given } from '../../api/query';
import { useLines } from '../../api/use-lines';
import { instant } from '../../format';
import { Field } from '../../parts/field';
import { LongTable } from '../../parts/long-table';
import { PageHead, Panel } from '../../parts/panel';
import { change, useRoute } from '../../route';
import { StreamLink } from '../compare/compare-page';
import { RootPanel } from './root-panel';
import { t } from '../../i18n/language';

type LedgerEvent = Schema<'LedgerEvent'>;

/** The ledger itself, event by event, and the signed root over all of them. */
export function LedgerPage() {
  const { query } = useRoute();
  const zone = useZone();
  const { position } = useHead();
  const [seen, setSeen] = useState(position);
  const [opened, setOpened] = useState<LedgerEvent>();
  const [user_id, session_id, after] = ['user', 'session', 'after'].map(
    (name) => query.get(name) ?? undefined,
  );
  const lines = useLines(
    ['ledger', user_id, session_id, after],
    (cursor) =>
      answerOf(
        api.GET('/v1/audit/events', {
          params: { query: given({ user_id, session_id, after, cursor, limit: 500 }) },
        }),
      ),
    seen,
  );
  return (
    <>
      <PageHead
        title={t('Ledger')}
        under={t(
          'Every fact, in the order in which the ledger recorded it. Nothing here is ever changed.',
        )}
      />
      <Filter key={query.toString()} user={user_id} session={session_id} after={after} />
      <Panel
        title={t('Events')}
        kind="events-of-ledger"
        note={t('Oldest first. Click one to see all of it.')}
        actions={
          position !== seen && (
            <button class="button small" type="button" onClick={() => setSeen(position)}>
              {t('Show newer events')}
            </button>
          )
        }
      >
        <LongTable
          label={t('Events')}
          lines={lines}
          total={undefined}
          empty={t('No event matches.')}
          columns={[
            { head: t('Index'), width: '5.5rem', isNumber: true, cell: ({ index }) => index },
            {
              head: t('Event'),
              width: 'minmax(15rem, 1.4fr)',
              cell: (event) => (
                <button class="link" type="button" onClick={() => setOpened(event)}>
                  {event.type}
                </button>
              ),
            },
            {
              head: t('Stream'),
              width: 'minmax(12rem, 1.4fr)',
              cell: ({ stream }) => <StreamLink stream={stream} />,
            },
            {
              head: t('Recorded'),
              width: 'minmax(11rem, 1fr)',
              cell: (event) => instant(event.recorded_at, zone),
            },
            { head: t('Position'), width: '6rem', isNumber: true, cell: (event) => event.position },
          ]}
        />
      </Panel>
      {opened !== undefined && (
        <Panel
          title={t('Event {0}', opened.index)}
          note={opened.type}
          actions={
            <button class="button small" type="button" onClick={() => setOpened(undefined)}>
              {t('Hide')}
            </button>
          }
        >
          <pre class="panel-body" tabIndex={0}>
            {JSON.stringify(opened.event, undefined, 2)}
          </pre>
        </Panel>
      )}
      <RootPanel />
    </>
  );
}

interface FilterProps {
  readonly user: string | undefined;
  readonly session: string | undefined;
  readonly after: string | undefined;
}

function Filter(asked: FilterProps) {
  const [user, setUser] = useState(asked.user ?? '');
  const [session, setSession] = useState(asked.session ?? '');
  const [after, setAfter] = useState(asked.after ?? '');
  const show = (event: Event) => {
    event.preventDefault();
    change({ user: user.trim(), session: session.trim(), after: after.trim() });
  };
  return (
    <form class="form-row" onSubmit={show}>
      <Field label={t('User')} value={user} onInput={setUser} placeholder={t('any')} />
      <Field label={t('Session')} value={session} onInput={setSession} placeholder={t('any')} />
      <Field
        label={t('After position')}
        value={after}
        onInput={setAfter}
        placeholder={t('the beginning')}
      />
      <button class="button" type="submit">
        {t('Show')}
      </button>
    </form>
  );
}
