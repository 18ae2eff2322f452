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
import { m, t, tx } from '../../i18n/language';

type Written = Schema<'Written'>;

/** Lists finance's writes: who, when, what and why. */
export function WritesPage() {
  const zone = useZone();
  const { asOf: as_of } = useRoute();
  const { position } = useHead();
  const lines = useLines(
    ['writes', as_of],
    (cursor) =>
      answerOf(api.GET('/v1/audit/writes', { params: { query: given({ as_of, cursor }) } })),
    as_of ?? position,
  );
  return (
    <>
      <PageHead
        title={t('What finance wrote')}
        under={t('Each is an event of the ledger. None is ever changed or removed.')}
      />
      <Panel title={t('Writes')} note={t('Newest first')}>
        <MoreTable
          label={t('Writes')}
          lines={lines}
          keyOf={(one) => one.position}
          empty={t('Nothing has been written yet.')}
          columns={[
            { head: t('Recorded'), cell: (one) => instant(one.recorded_at, zone) },
            { head: t('What'), cell: (one) => <What written={one} /> },
            { head: t('Why'), cell: (one) => <bdi>{one.reason ?? '–'}</bdi> },
            { head: t('Who'), cell: (one) => <bdi>{one.author ?? '–'}</bdi> },
            {
              head: t('Position'),
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
          {tx(
            voids == null
              ? m('Adjustment: {0}, {1} {2}')
              : m('Void of an adjustment: {0}, {1} {2}'),
            ofUser,
            currency,
            change(cents ?? 0),
          )}{' '}
          {period !== null && <span class="quiet">{month(period)}</span>}
        </>
      );
    case 'session.voided':
      return (
        <>
          {tx(
            'Void of a session: {0}',
            <a href={hrefTo(['sessions', session ?? ''])}>{session}</a>,
          )}
        </>
      );
    case 'billing_period.closed':
      return <>{tx('Month closed: {0}', month(period ?? ''))}</>;
    case 'rate_card.published':
      return <>{tx('Rate card, {0} {1}', currency, since)}</>;
    case 'plan.defined':
      return <>{tx('Plan defined: {0}', plan)}</>;
    case 'plan.assigned':
      return <>{tx('Plan {0}: {1} {2}', plan, ofUser, since)}</>;
    case 'plan.defaulted':
      return <>{tx('Default plan: {0} {1}', plan, since)}</>;
    default:
      return <>{written.type satisfies never}</>;
  }
}
