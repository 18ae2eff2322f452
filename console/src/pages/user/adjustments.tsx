import { allPages } from '../../api/all-pages';
import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { useIsFinance, useZone } from '../../api/person';
import { given } from '../../api/query';
import { useRead } from '../../api/use-read';
import { change, count, instant } from '../../format';
import { Panel } from '../../parts/panel';
import { Problem } from '../../parts/state';
import { Table } from '../../parts/table';
import { useRoute } from '../../route';
import { VoidAdjustmentButton } from '../acts/adjust';
import type { Summary } from './user-page';
import { t, tx } from '../../i18n/language';

type Adjusted = Schema<'ListedAdjustment'>;

/** The most adjustments that are listed here; an export has all. */
const MOST = 2_000;

/** The month's adjustments, if there are any. A credit and its void are both listed, though they add up to 0. */
export function Adjustments({ summary }: { readonly summary: Summary }) {
  const isFinance = useIsFinance();
  return isFinance ? <List key={summary.user_id} summary={summary} /> : null;
}

function List({ summary }: { readonly summary: Summary }) {
  const { asOf: as_of } = useRoute();
  const { user_id, period, currency } = summary;
  const read = useRead(['adjustments', user_id, period], () =>
    allPages(
      (cursor) =>
        answerOf(
          api.GET('/v1/adjustments', {
            params: { query: given({ user_id, period, as_of, cursor, limit: 100 }) },
          }),
        ),
      MOST,
    ),
  );
  const items = (read.data?.items ?? []).filter((one) => one.currency === currency);
  return (
    <>
      {read.error !== undefined && <Problem refused={read.error} onAgain={read.again} />}
      {items.length > 0 && (
        <Panel title={t('Adjustments')}>
          <Items items={items} summary={summary} isPast={as_of !== undefined} />
          {read.data?.isWhole === false && (
            <p class="notice">
              {tx('Only the newest {0} are listed: export the month.', count(MOST))}
            </p>
          )}
        </Panel>
      )}
    </>
  );
}

function Items({
  items,
  summary,
  isPast,
}: {
  readonly items: readonly Adjusted[];
  readonly summary: Summary;
  readonly isPast: boolean;
}) {
  const zone = useZone();
  return (
    <Table
      label={t('Adjustments')}
      rows={items}
      keyOf={(one) => one.id}
      columns={[
        { head: t('Recorded'), cell: (one) => instant(one.recorded_at, zone) },
        { head: t('Reason'), cell: (one) => <bdi>{one.reason}</bdi> },
        { head: t('Reference'), cell: (one) => one.reference ?? '–', isMinor: true },
        { head: t('By'), cell: (one) => <bdi>{one.author}</bdi>, isMinor: true },
        {
          head: t('Amount, {0}', summary.currency),
          cell: (one) => change(one.amount_cents),
          isNumber: true,
        },
        {
          head: t('Void'),
          cell: (one) =>
            one.voids !== null ? (
              <span class="quiet">{t('a void')}</span>
            ) : one.voided_by !== null ? (
              <span class="quiet">{t('voided')}</span>
            ) : isPast ? (
              '–'
            ) : (
              <VoidAdjustmentButton summary={summary} adjusted={one} />
            ),
        },
      ]}
    />
  );
}
