import { useMemo } from 'preact/hooks';

import type { Schema } from '../../api/client';
import { day, minutes, money, month } from '../../format';
import { Chart } from '../../parts/chart';
import { t, tx } from '../../i18n/language';

interface ByDayProps {
  readonly now: Schema<'Report'>;
  readonly was: Schema<'Report'>;
  readonly currency: string;
  readonly unit: 'cost' | 'minutes';
}

type Day = Schema<'Report'>['by_day'][number];

/**
 * Every day of the month beside the same day of the month before. Late usage belongs to days of earlier months, so a
 * note sums it up instead.
 */
export function ByDay({ now, was, currency, unit }: ByDayProps) {
  const bars = useMemo(() => {
    const value = (one: Day | undefined) => {
      if (one === undefined) return 0;
      return unit === 'cost' ? one.cost_cents / 100 : Number(one.billable_minutes);
    };
    const dayOf = (report: Schema<'Report'>, number: number) => {
      const date = `${report.period}-${String(number).padStart(2, '0')}`;
      return report.by_day.find((one) => one.day === date && one.currency === currency);
    };
    const lastBefore = daysIn(was.period);
    return Array.from({ length: daysIn(now.period) }, (_, index) => ({
      label: day(`${now.period}-${String(index + 1).padStart(2, '0')}`),
      value: value(dayOf(now, index + 1)),
      beside: index < lastBefore ? value(dayOf(was, index + 1)) : undefined,
    }));
  }, [now, was, currency, unit]);
  const late = now.by_day.filter(
    (one) => one.currency === currency && !one.day.startsWith(now.period),
  );
  const format = (value: number) =>
    unit === 'cost' ? money(Math.round(value * 100)) : minutes(String(value));
  const highest = bars.reduce((a, b) => (b.value > a.value ? b : a));
  return (
    <>
      <Chart
        label={t(
          '{0} by day in {1}, highest on {2}: {3}',
          unit === 'cost' ? t('Cost in {0}', currency) : t('Billable minutes'),
          month(now.period),
          highest.label,
          format(highest.value),
        )}
        bars={bars}
        format={format}
        valueName={month(now.period, 'short')}
        besideName={month(was.period, 'short')}
      />
      {late.length > 0 && (
        <p class="notice">
          {tx(
            '{0} {1} {1|transcription|transcriptions} from earlier, closed months {1|is|are} billed in this one: {2}.',
            <strong>{t('Late usage.')}</strong>,
            late.reduce((sum, one) => sum + one.transcriptions, 0),
            <span class="figure">
              {currency} {money(late.reduce((sum, one) => sum + one.cost_cents, 0))}
            </span>,
          )}
        </p>
      )}
    </>
  );
}

function daysIn(period: string): number {
  const [year, number] = period.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, number, 0)).getUTCDate();
}
