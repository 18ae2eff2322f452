import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { useHead } from '../../api/head';
import { useZone } from '../../api/person';
import { given } from '../../api/query';
import { useLines } from '../../api/use-lines';
import { change, instant, month } from '../../format';
import { MoreTable } from '../../parts/more-table';
import { PageHead, Panel } from '../../parts/panel';
import { hrefTo, useRoute } from '../../route';

type Written = Schema<'Written'>;

/** What finance wrote: who, when, what and why. */
export function WritesPage() {
  const zone = useZone();
  const { asOf: as_of } = useRoute();
  const { position } = useHead();
  const lines = useLines(['writes', as_of ?? position], (cursor) =>
    answerOf(api.GET('/v1/audit/writes', { params: { query: given({ as_of, cursor }) } })),
  );
  return (
    <>
      <PageHead
        title="What finance wrote"
        under="Each is an event of the ledger. None is ever changed or removed."
      />
      <Panel title="Writes" note="Newest first">
        <MoreTable
          label="Writes"
          lines={lines}
          keyOf={(one) => one.position}
          empty="Nothing was written yet."
          columns={[
            { head: 'Recorded', cell: (one) => instant(one.recorded_at, zone) },
            { head: 'What', cell: (one) => <What written={one} /> },
            { head: 'Why', cell: (one) => <bdi>{one.reason ?? '–'}</bdi> },
            { head: 'Who', cell: (one) => <bdi>{one.author ?? '–'}</bdi> },
            {
              head: 'Position',
              cell: (one) => one.position,
              isNumber: true,
              isMinor: true,
            },
          ]}
        />
      </Panel>
    </>
  );
}

interface Said {
  readonly plan?: string;
  readonly currency?: string | null;
  readonly effective_from?: string;
  readonly amount_cents?: number;
  readonly voids?: string | null;
}

function What({ written }: { readonly written: Written }) {
  const zone = useZone();
  const { user_id: user, session_id: session, period } = written;
  const { plan, currency, effective_from: from, amount_cents: cents, voids } = written.data as Said;
  const ofUser = user !== null && (
    <a href={hrefTo(['users', user])}>
      <bdi>{user}</bdi>
    </a>
  );
  const since = from === undefined ? null : <span class="quiet">{instant(from, zone)}</span>;
  switch (written.type) {
    case 'usage.adjusted':
      return (
        <>
          {voids == null ? 'Adjustment' : 'Void of an adjustment'}: {ofUser}, {currency}{' '}
          {change(cents ?? 0)} {period !== null && <span class="quiet">{month(period)}</span>}
        </>
      );
    case 'session.voided':
      return (
        <>
          Void of a session: <a href={hrefTo(['sessions', session ?? ''])}>{session}</a>
        </>
      );
    case 'billing_period.closed':
      return <>Month closed: {month(period ?? '')}</>;
    case 'rate_card.published':
      return (
        <>
          Rate card, {currency} {since}
        </>
      );
    case 'plan.defined':
      return <>Plan defined: {plan}</>;
    case 'plan.assigned':
      return (
        <>
          Plan {plan}: {ofUser} {since}
        </>
      );
    case 'plan.defaulted':
      return (
        <>
          Plan of users without one: {plan} {since}
        </>
      );
    default:
      return <>{written.type}</>;
  }
}
