import type { Schema } from '../../api/client';
import { change, count, growth, minutes, money, month } from '../../format';
import { t } from '../../i18n/language';

interface FiguresProps {
  readonly now: Schema<'Report'>;
  readonly was: Schema<'Report'>;
  readonly currency: string;
}

type Totals = Schema<'Report'>['totals'][number];

/** The figures that finance looks for first, each with the month before under it. */
export function Figures({ now, was, currency }: FiguresProps) {
  const [these, those] = [now, was].map((report) =>
    report.totals.find((totals) => totals.currency === currency),
  );
  const before = month(was.period, 'short');
  const number = (totals: Totals | undefined, field: keyof Totals) => Number(totals?.[field] ?? 0);
  const figure = (
    name: string,
    field: keyof Totals,
    format: (value: number) => string,
    isMain = false,
  ) => (
    <Figure
      name={name}
      value={format(number(these, field))}
      before={`${before}: ${format(number(those, field))}`}
      growth={growth(number(these, field), number(those, field))}
      isMain={isMain}
    />
  );
  return (
    <dl class="figures">
      {figure(t('Billed, {0}', currency), 'cost_cents', money, true)}
      {figure(t('Usage'), 'usage_cost_cents', money)}
      {figure(t('Adjustments'), 'adjustments_cents', change)}
      {figure(t('Billable minutes'), 'billable_minutes', (value) => minutes(String(value)))}
      {figure(t('Users'), 'users', count)}
      {figure(t('Transcriptions'), 'transcriptions', count)}
    </dl>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly before?: string;
  readonly growth?: string | undefined;
  readonly isMain?: boolean;
}

export function Figure({ name, value, before, growth: change, isMain = false }: FigureProps) {
  return (
    <div class={isMain ? 'figure-box main' : 'figure-box'}>
      <dt>{name}</dt>
      <dd class="figure-value">{value}</dd>
      {before !== undefined && (
        <dd class="figure-before">
          {before}
          {change !== undefined && <span class="growth">{change}</span>}
        </dd>
      )}
    </div>
  );
}
