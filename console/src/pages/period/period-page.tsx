import { useState } from 'preact/hooks';

import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { periodOr, usePerson } from '../../api/person';
import { usePeriods } from '../../api/periods';
import { useRead } from '../../api/use-read';
import { month, monthsFrom } from '../../format';
import { Chip } from '../../parts/chip';
import { Select } from '../../parts/field';
import { PageHead, Panel } from '../../parts/panel';
import { Empty, Shown } from '../../parts/state';
import { change, hrefTo, useRoute } from '../../route';
import { ByDay } from './by-day';
import { Figures } from './figures';
import { Groups } from './groups';
import { TopUsers } from './top-users';
import { WaitingNote } from './waiting-note';
import { t, tx } from '../../i18n/language';

/** A month at a glance, beside the month before. */
export function PeriodPage() {
  const person = usePerson();
  const route = useRoute();
  const period = periodOr(route.period, person);
  const before = monthsFrom(period, -1);
  const as_of = route.asOf;
  const read = useRead(['report', period], async () => {
    const reportOf = (of: string) =>
      answerOf(
        api.GET('/v1/reports/usage', {
          params: { query: { period: of, ...(as_of === undefined ? {} : { as_of }) } },
        }),
      );
    const [now, was] = await Promise.all([reportOf(period), reportOf(before)]);
    return { now, was };
  });
  return (
    <Shown read={read}>
      {({ now, was }) => <Report now={now} was={was} asked={route.query.get('currency')} />}
    </Shown>
  );
}

interface ReportProps {
  readonly now: Schema<'Report'>;
  readonly was: Schema<'Report'>;
  readonly asked: string | null;
}

function Report({ now, was, asked }: ReportProps) {
  const person = usePerson();
  const [unit, setUnit] = useState<'cost' | 'minutes'>('cost');
  const currencies = now.totals.map(({ currency }) => currency);
  const currency =
    asked !== null && currencies.includes(asked)
      ? asked
      : (currencies[0] ?? was.totals[0]?.currency);
  const head = (
    <PageHead
      title={month(now.period)}
      under={
        <>
          <State period={now.period} /> {currency !== undefined && t('Amounts in {0}', currency)}
        </>
      }
      actions={
        <>
          {currencies.length > 1 && (
            <Select
              label={t('Currency')}
              isLabelHidden
              value={currency ?? ''}
              options={currencies.map((name) => [name, name])}
              onChange={(name) => change({ currency: name })}
            />
          )}
          {now.period < person.now && <ToClose period={now.period} />}
        </>
      }
    />
  );
  if (currency === undefined) {
    return (
      <>
        {head}
        <Empty>
          {tx(
            'There is no usage in {0} yet. It appears here as soon as workers post events.',
            month(now.period),
          )}
        </Empty>
        <WaitingNote />
      </>
    );
  }
  return (
    <>
      {head}
      <Figures now={now} was={was} currency={currency} />
      <WaitingNote />
      <Panel
        title={t('By day')}
        actions={
          <span class="segments" role="group" aria-label={t('What the chart shows')}>
            {(['cost', 'minutes'] as const).map((name) => (
              <button
                key={name}
                type="button"
                aria-pressed={unit === name}
                onClick={() => setUnit(name)}
              >
                {name === 'cost' ? t('Cost') : t('Minutes')}
              </button>
            ))}
          </span>
        }
      >
        <ByDay now={now} was={was} currency={currency} unit={unit} />
      </Panel>
      <Groups report={now} currency={currency} />
      <TopUsers report={now} was={was} currency={currency} />
    </>
  );
}

/** Shows nothing until it is known whether the month is closed: people would click a button that then disappears. */
function ToClose({ period }: { readonly period: string }) {
  const { asOf } = useRoute();
  if (useStateOf(period) !== 'open' || asOf !== undefined) return null;
  return (
    <a class="button" href={hrefTo(['closing', period])}>
      {t('Close this month')}
    </a>
  );
}

function useStateOf(period: string) {
  const { data } = usePeriods();
  return data?.find((one) => one.period === period)?.state;
}

function State({ period }: { readonly period: string }) {
  const state = useStateOf(period);
  if (state === undefined) return null;
  return state === 'closed' ? <Chip tone="good">{t('Closed')}</Chip> : <Chip>{t('Open')}</Chip>;
}
