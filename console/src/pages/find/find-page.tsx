import { answerOf } from '../../api/answer';
import { api } from '../../api/client';
import { useZone } from '../../api/person';
import { given } from '../../api/query';
import { useLines } from '../../api/use-lines';
import { count, instant } from '../../format';
import { MoreTable } from '../../parts/more-table';
import { PageHead, Panel } from '../../parts/panel';
import { Empty } from '../../parts/state';
import { hrefTo, useRoute } from '../../route';

/** What has a text in its id: users, sessions, usage logs. */
export function FindPage() {
  const { query } = useRoute();
  const search = query.get('search') ?? '';
  if (search === '') return <Empty>Type any part of an id into the field above.</Empty>;
  return (
    <>
      <PageHead
        title={
          <>
            Found: <bdi>{search}</bdi>
          </>
        }
        under="What has this in its id, whatever the case of its letters."
      />
      <Users search={search} />
      <Sessions search={search} />
      <Logs search={search} />
    </>
  );
}

interface Searched {
  readonly search: string;
}

/** What every one of the lists takes. */
function useQuery(search: string) {
  const { asOf: as_of } = useRoute();
  return {
    what: [search, as_of],
    query: (cursor: string | undefined) => given({ search, as_of, cursor, limit: 50 }),
  };
}

function Users({ search }: Searched) {
  const { what, query } = useQuery(search);
  const lines = useLines(['find users', what], (cursor) =>
    answerOf(api.GET('/v1/users', { params: { query: query(cursor) } })),
  );
  return (
    <Panel title="Users">
      <MoreTable
        label="Users"
        lines={lines}
        keyOf={(one) => one.user_id}
        empty="No user with usage has this in the id."
        columns={[
          {
            head: 'User',
            cell: (one) => (
              <a href={hrefTo(['users', one.user_id])}>
                <bdi>{one.user_id}</bdi>
              </a>
            ),
          },
          { head: 'Plan', cell: (one) => one.plan },
        ]}
      />
    </Panel>
  );
}

function Sessions({ search }: Searched) {
  const { what, query } = useQuery(search);
  const lines = useLines(['find sessions', what], (cursor) =>
    answerOf(api.GET('/v1/sessions', { params: { query: query(cursor) } })),
  );
  return (
    <Panel title="Sessions">
      <MoreTable
        label="Sessions"
        lines={lines}
        keyOf={(one) => one.session_id}
        empty="No session has this in its id."
        columns={[
          {
            head: 'Session',
            cell: (one) => <a href={hrefTo(['sessions', one.session_id])}>{one.session_id}</a>,
          },
          { head: 'User', cell: (one) => <bdi>{one.user_id ?? '–'}</bdi> },
          { head: 'Attempts', cell: (one) => count(one.attempts), isNumber: true },
          { head: 'Last attempt', cell: (one) => one.status ?? 'voided' },
        ]}
      />
    </Panel>
  );
}

function Logs({ search }: Searched) {
  const zone = useZone();
  const { what, query } = useQuery(search);
  const lines = useLines(['find logs', what], (cursor) =>
    answerOf(api.GET('/v1/usage-logs', { params: { query: query(cursor) } })),
  );
  return (
    <Panel title="Usage logs">
      <MoreTable
        label="Usage logs"
        lines={lines}
        keyOf={(one) => one.id}
        empty="No usage log has this in its id."
        columns={[
          { head: 'Log', cell: (one) => <a href={hrefTo(['logs', one.id])}>{one.id}</a> },
          { head: 'User', cell: (one) => <bdi>{one.user_id}</bdi> },
          { head: 'Completed', cell: (one) => instant(one.completed_at, zone) },
          { head: 'Provider', cell: (one) => one.stt_provider, isMinor: true },
        ]}
      />
    </Panel>
  );
}
