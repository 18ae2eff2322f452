import { allPages } from '../../api/all-pages';
import { answerOf } from '../../api/answer';
import { api } from '../../api/client';
import { useIsFinance, useZone } from '../../api/person';
import { given } from '../../api/query';
import { useRead } from '../../api/use-read';
import { change, instant } from '../../format';
import { Panel } from '../../parts/panel';
import { Shown } from '../../parts/state';
import { Table } from '../../parts/table';
import { useRoute } from '../../route';
import { VoidAdjustmentButton } from '../acts/adjust';
import type { Summary } from './user-page';

/** An adjustment as its event tells it. */
export interface Adjusted {
  readonly adjustment_id: string;
  readonly period: string;
  readonly amount_cents: number;
  readonly currency: string;
  readonly reason: string;
  readonly author: string;
  readonly reference: string | null;
  readonly voids: string | null;
  readonly recorded_at: string;
}

/** Events that a user's account may have before the list is cut. */
const MOST = 20_000;

/** Adjustments to the month. They are read from the user's own events, and only if there are any. */
export function Adjustments({ summary }: { readonly summary: Summary }) {
  const isFinance = useIsFinance();
  const { asOf } = useRoute();
  if (!isFinance || summary.adjustments_cents === 0) return null;
  return <List key={summary.user_id} summary={summary} isPast={asOf !== undefined} />;
}

function List({ summary, isPast }: { readonly summary: Summary; readonly isPast: boolean }) {
  const zone = useZone();
  const { user_id: id, period, currency, position } = summary;
  const read = useRead(['adjustments', id, period, currency], () =>
    adjustmentsOf(id, BigInt(position)),
  );
  return (
    <Panel title="Adjustments">
      <Shown read={read}>
        {({ items, isWhole }) => (
          <>
            <Table
              label="Adjustments"
              rows={items.filter((one) => one.period === period && one.currency === currency)}
              keyOf={(one) => one.adjustment_id}
              columns={[
                { head: 'Recorded', cell: (one) => instant(one.recorded_at, zone) },
                { head: 'Reason', cell: (one) => <bdi>{one.reason}</bdi> },
                { head: 'Reference', cell: (one) => one.reference ?? '–', isMinor: true },
                { head: 'By', cell: (one) => <bdi>{one.author}</bdi>, isMinor: true },
                {
                  head: `Amount, ${currency}`,
                  cell: (one) => change(one.amount_cents),
                  isNumber: true,
                },
                {
                  head: 'Void',
                  cell: (one) =>
                    isPast ||
                    items.some(({ voids }) => voids === one.adjustment_id) ||
                    one.voids !== null ? (
                      <span class="quiet">{one.voids === null ? 'voided' : 'a void'}</span>
                    ) : (
                      <VoidAdjustmentButton summary={summary} adjusted={one} />
                    ),
                },
              ]}
            />
            {!isWhole && (
              <p class="notice">
                This user has too many events to list all adjustments here: export the month.
              </p>
            )}
          </>
        )}
      </Shown>
    </Panel>
  );
}

async function adjustmentsOf(user_id: string, upTo: bigint) {
  const { items, isWhole } = await allPages(
    (cursor) =>
      answerOf(
        api.GET('/v1/audit/events', { params: { query: given({ user_id, cursor, limit: 500 }) } }),
      ),
    MOST,
  );
  const adjusted = items
    .filter(({ type, position }) => type === 'usage.adjusted' && BigInt(position) <= upTo)
    .map(({ event, recorded_at }) => ({
      ...(event as unknown as { data: Adjusted }).data,
      recorded_at,
    }));
  return { items: adjusted, isWhole };
}
