import { useHead } from '../api/head';
import { periodOr, useIsFinance, usePerson } from '../api/person';
import { usePeriods } from '../api/periods';
import { count, month, monthsFrom } from '../format';
import { goToMonth, useRoute } from '../route';
import { AsOf } from './as-of';
import { t } from '../i18n/language';

/** The month, the zone, the moment and how far the ledger has got, visible on every page. */
export function ContextBar() {
  const person = usePerson();
  const isFinance = useIsFinance();
  const route = useRoute();
  const period = periodOr(route.period, person);
  const to = (steps: number) => goToMonth(monthsFrom(period, steps));
  return (
    <div class="context" role="region" aria-label={t('Month and moment')}>
      <div class="stepper">
        <button
          class="button icon"
          type="button"
          aria-label={t('The month before')}
          onClick={() => to(-1)}
        >
          ‹
        </button>
        {isFinance ? <PeriodChoice period={period} /> : <strong>{month(period)}</strong>}
        <button
          class="button icon"
          type="button"
          aria-label={t('The month after')}
          disabled={period >= person.now}
          onClick={() => to(1)}
        >
          ›
        </button>
      </div>
      {person.zone !== undefined && (
        <span
          class="quiet zone"
          title={t('The ledger’s time zone, in which days and months are counted')}
        >
          {person.zone}
        </span>
      )}
      <AsOf />
      <Pulse />
    </div>
  );
}

function PeriodChoice({ period }: { readonly period: string }) {
  const person = usePerson();
  const { data } = usePeriods();
  const known = new Map((data ?? []).map((one) => [one.period, one.state]));
  const names = [...new Set([...known.keys(), period, person.now])].sort().reverse();
  return (
    <select
      aria-label={t('Month')}
      class="period-choice"
      value={period}
      onChange={(event) => goToMonth(event.currentTarget.value)}
    >
      {names.map((name) => (
        <option key={name} value={name} selected={name === period}>
          {month(name)}
          {known.get(name) === 'closed' ? t(' · closed') : ''}
        </option>
      ))}
    </select>
  );
}

function Pulse() {
  const { position, behind, reachable } = useHead();
  const { asOf } = useRoute();
  const text = !reachable
    ? t('Offline')
    : asOf !== undefined
      ? t('The past')
      : behind > 0
        ? t('{0} {0|event|events} behind', count(behind))
        : t('Live');
  const tone = !reachable ? 'bad' : asOf !== undefined ? 'past' : behind > 0 ? 'warn' : 'good';
  return (
    <span class={`pulse ${tone}`} title={t('Position {0}', position)}>
      <i aria-hidden="true" />
      <span role="status">{text}</span>
    </span>
  );
}
