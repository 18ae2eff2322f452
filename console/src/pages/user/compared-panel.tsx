import { answerOf } from '../../api/answer';
import { api } from '../../api/client';
import { given } from '../../api/query';
import { useRead } from '../../api/use-read';
import { change, count, decimal, minutes, money, month, monthsFrom } from '../../format';
import { Panel } from '../../parts/panel';
import { Shown } from '../../parts/state';
import { Table } from '../../parts/table';
import { useRoute } from '../../route';
import { PricesCompared } from './prices-compared';
import { reasonsOf, retriedCents, type Reason } from './compared';
import type { Summary } from './user-page';
import { t, tx } from '../../i18n/language';

/**
 * Says why this bill is higher or lower than the month before: minutes, prices and adjustments that add up to the
 * difference.
 */
export function ComparedPanel({ summary }: { readonly summary: Summary }) {
  const { asOf: as_of } = useRoute();
  const { user_id, currency } = summary;
  const period = monthsFrom(summary.period, -1);
  const read = useRead(['compared', user_id, period, currency], () =>
    answerOf(
      api.GET('/v1/users/{user_id}/usage-summary', {
        params: { path: { user_id }, query: given({ period, currency, as_of }) },
      }),
    ),
  );
  return (
    <Panel
      title={t('Compared with {0}', month(period))}
      note={t('Why this bill differs from that of the month before.')}
      kind="not-on-paper compared"
    >
      <Shown read={read}>{(was) => <Compared was={was} now={summary} />}</Shown>
    </Panel>
  );
}

interface TwoMonths {
  readonly was: Summary;
  readonly now: Summary;
}

function Compared({ was, now }: TwoMonths) {
  const reasons = reasonsOf(was, now);
  return (
    <>
      <Table
        label={t('Why the bill changed')}
        rows={reasons}
        keyOf={({ kind, provider }) => `${kind} ${provider}`}
        columns={[
          { head: t('Reason'), cell: nameOf },
          {
            head: month(was.period, 'short'),
            cell: (one) => figure(one, one.before),
            isNumber: true,
          },
          { head: month(now.period, 'short'), cell: (one) => figure(one, one.now), isNumber: true },
          {
            head: t('Difference, {0}', now.currency),
            cell: (one) => change(one.cents),
            isNumber: true,
          },
        ]}
        foot={[
          t('Billed'),
          money(was.cost_cents),
          money(now.cost_cents),
          change(now.cost_cents - was.cost_cents),
        ]}
      />
      <div class="panel-body">
        <Plans was={was} now={now} />
        <p>
          {tx(
            'Sessions: {0} before, {1} now. Billed retries, included in the lines above: {2} before, {3} now.',
            count(was.sessions),
            count(now.sessions),
            money(retriedCents(was)),
            money(retriedCents(now)),
          )}
        </p>
        {reasons.some(({ kind }) => kind === 'price') && (
          <PricesCompared
            was={was}
            now={now}
            providers={reasons.filter(({ kind }) => kind === 'price').map((one) => one.provider)}
          />
        )}
      </div>
    </>
  );
}

/**
 * The plan and its included minutes. Both change the average price of a minute, which would look like a change of
 * prices.
 */
function Plans({ was, now }: TwoMonths) {
  const isOther = was.plan !== now.plan;
  if (!isOther && was.included_seconds === now.included_seconds) return null;
  const included = ({ included_seconds }: Summary) =>
    minutes(String(Number(included_seconds) / 60));
  return (
    <p>
      {isOther && <strong>{tx('The plan was {0} and is {1}.', was.plan, now.plan)} </strong>}
      {t(
        'Included minutes, which cost nothing and lower the average price: {0} before, {1} now.',
        included(was),
        included(now),
      )}
    </p>
  );
}

function nameOf({ kind, provider }: Reason) {
  if (kind === 'adjustments') return t('Adjustments');
  return kind === 'minutes'
    ? tx('{0}: minutes', <bdi>{provider}</bdi>)
    : tx('{0}: average price of a minute', <bdi>{provider}</bdi>);
}

function figure({ kind }: Reason, value: number | undefined): string {
  if (value === undefined) return '–';
  if (kind === 'adjustments') return change(value);
  return kind === 'minutes' ? minutes(String(value)) : decimal(value.toFixed(4));
}
