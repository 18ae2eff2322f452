import { useMemo } from 'preact/hooks';

import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { given } from '../../api/query';
import { useRead } from '../../api/use-read';
import { money, month } from '../../format';
import { Chart } from '../../parts/chart';
import { Panel } from '../../parts/panel';
import { Shown } from '../../parts/state';
import { change, useRoute } from '../../route';
import { t } from '../../i18n/language';

interface MonthsProps {
  readonly id: string;
  readonly currency: string;
  readonly period: string;
}

/** The last twelve months. Clicking one opens it. */
export function Months({ id, currency, period }: MonthsProps) {
  const { asOf: as_of } = useRoute();
  const read = useRead(['months', id, currency], () => {
    const query = given({ months: 12, currency, as_of });
    return answerOf(
      api.GET('/v1/users/{user_id}/usage-history', { params: { path: { user_id: id }, query } }),
    );
  });
  return (
    <Panel
      title={t('Twelve months')}
      note={t('Billed, {0}. Click a month to open it.', currency)}
      kind="not-on-paper"
    >
      <Shown read={read}>
        {(history) => <MonthChart months={history.items} period={period} />}
      </Shown>
    </Panel>
  );
}

function MonthChart({
  months,
  period,
}: {
  readonly months: readonly Schema<'Summary'>[];
  readonly period: string;
}) {
  const oldestFirst = useMemo(() => [...months].reverse(), [months]);
  const bars = useMemo(
    () =>
      oldestFirst.map((one) => ({
        label: month(one.period, 'short'),
        value: one.cost_cents / 100,
      })),
    [oldestFirst],
  );
  const total = oldestFirst.reduce((sum, one) => sum + one.cost_cents, 0);
  return (
    <Chart
      label={t(
        'Billed by month, {0} in total over twelve months. Shown below: {1}.',
        money(total),
        month(period),
      )}
      bars={bars}
      format={(value) => money(Math.round(value * 100))}
      valueName={t('Billed')}
      onPick={(index) => change({ period: oldestFirst[index]!.period })}
    />
  );
}
