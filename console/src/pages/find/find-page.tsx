import { answerOf } from '../../api/answer';
import { api } from '../../api/client';
import { useHead } from '../../api/head';
import { useZone } from '../../api/person';
import { given } from '../../api/query';
import { useLines, type Lines } from '../../api/use-lines';
import { count, instant } from '../../format';
import { MoreTable } from '../../parts/more-table';
import { PageHead, Panel } from '../../parts/panel';
import { words } from '../../i18n/words';
import { Empty, Loading, PAST } from '../../parts/state';
import { hrefTo, useRoute } from '../../route';
import { t, tx } from '../../i18n/language';

/** Finds users, sessions and usage logs whose id contains a text. */
export function FindPage() {
  const { query } = useRoute();
  const search = query.get('search') ?? '';
  if (search === '') return <Empty>{t('Type any part of an id into the search field.')}</Empty>;
  return (
    <>
      <PageHead
        title={<>{tx('Found: {0}', <bdi>{search}</bdi>)}</>}
        under={t('Everything whose id contains this text, in upper or lower case.')}
      />
      <Found search={search} />
    </>
  );
}

/** Shows the three lists once all have begun: one that came later would move those below it. */
function Found({ search }: { readonly search: string }) {
  const { asOf } = useRoute();
  const users = useUsers(search);
  const sessions = useSessions(search);
  const logs = useLogs(search);
  if (![users, sessions, logs].every(hasBegun)) {
    return <Loading wait={asOf === undefined ? undefined : PAST} />;
  }
  return (
    <>
      <Users lines={users} />
      <Sessions lines={sessions} />
      <Logs lines={logs} />
    </>
  );
}

function hasBegun({ items, isWhole, error }: Lines<unknown>): boolean {
  return items.length > 0 || isWhole || error !== undefined;
}

/** Returns the query that all three lists share. */
function useQuery(search: string) {
  const { asOf: as_of } = useRoute();
  const { position } = useHead();
  return {
    what: [search, as_of],
    ledger: as_of ?? position,
    query: (cursor: string | undefined) => given({ search, as_of, cursor, limit: 50 }),
  };
}

function useUsers(search: string) {
  const { what, query, ledger } = useQuery(search);
  return useLines(
    ['find users', what],
    (cursor) => answerOf(api.GET('/v1/users', { params: { query: query(cursor) } })),
    ledger,
  );
}

function Users({ lines }: { readonly lines: ReturnType<typeof useUsers> }) {
  return (
    <Panel title={t('Users')}>
      <MoreTable
        label={t('Users')}
        lines={lines}
        keyOf={(one) => one.user_id}
        empty={t('No user with usage has an id that contains this.')}
        columns={[
          {
            head: t('User'),
            cell: (one) => (
              <a href={hrefTo(['users', one.user_id])}>
                <bdi>{one.user_id}</bdi>
              </a>
            ),
          },
          { head: t('Plan'), cell: (one) => one.plan },
        ]}
      />
    </Panel>
  );
}

function useSessions(search: string) {
  const { what, query, ledger } = useQuery(search);
  return useLines(
    ['find sessions', what],
    (cursor) => answerOf(api.GET('/v1/sessions', { params: { query: query(cursor) } })),
    ledger,
  );
}

function Sessions({ lines }: { readonly lines: ReturnType<typeof useSessions> }) {
  return (
    <Panel title={t('Sessions')}>
      <MoreTable
        label={t('Sessions')}
        lines={lines}
        keyOf={(one) => one.session_id}
        empty={t('No session has an id that contains this.')}
        columns={[
          {
            head: t('Session'),
            cell: (one) => <a href={hrefTo(['sessions', one.session_id])}>{one.session_id}</a>,
          },
          { head: t('User'), cell: (one) => <bdi>{one.user_id ?? '–'}</bdi> },
          { head: t('Attempts'), cell: (one) => count(one.attempts), isNumber: true },
          { head: t('Last attempt'), cell: (one) => words(one.status ?? 'voided') },
        ]}
      />
    </Panel>
  );
}

function useLogs(search: string) {
  const { what, query, ledger } = useQuery(search);
  return useLines(
    ['find logs', what],
    (cursor) => answerOf(api.GET('/v1/usage-logs', { params: { query: query(cursor) } })),
    ledger,
  );
}

function Logs({ lines }: { readonly lines: ReturnType<typeof useLogs> }) {
  const zone = useZone();
  return (
    <Panel title={t('Usage logs')}>
      <MoreTable
        label={t('Usage logs')}
        lines={lines}
        keyOf={(one) => one.id}
        empty={t('No usage log has an id that contains this.')}
        columns={[
          { head: t('Log'), cell: (one) => <a href={hrefTo(['logs', one.id])}>{one.id}</a> },
          { head: t('User'), cell: (one) => <bdi>{one.user_id}</bdi> },
          { head: t('Completed'), cell: (one) => instant(one.completed_at, zone) },
          { head: t('Provider'), cell: (one) => one.stt_provider, isMinor: true },
        ]}
      />
    </Panel>
  );
}
