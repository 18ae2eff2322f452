import { count, listed, roughly } from '../../format';
import { hrefTo } from '../../route';
import { MOST, type Look } from './look';
import { Step } from './step';
import { t } from '../../i18n/language';

/** Usage of the month that is not billed yet, for which the service refuses the close. */
export function WaitingStep({ blocking: { items, isAll } }: Pick<Look, 'blocking'>) {
  const isNone = items.length === 0;
  const state = isAll ? t('none') : t('not known');
  return (
    <Step
      title={t('Usage that is still waiting')}
      tone={isNone && isAll ? 'good' : 'warn'}
      state={isNone ? state : t('{0} waiting', count(items.length))}
    >
      {!isNone
        ? t(
            'Worth {0}. If you close the month now, this usage is billed later, as late usage.',
            worthOf(items),
          )
        : isAll && t('No attempt that completed in the month is pending or without a price.')}{' '}
      {!isAll &&
        t(
          'Only the oldest {0} of each kind are counted here; the service counts all.',
          count(MOST),
        )}{' '}
      {!(isNone && isAll) && <a href={hrefTo(['waiting'])}>{t('See what to do')}</a>}
    </Step>
  );
}

/** What was started and has not ended. It does not prevent the close. */
export function UnfinishedStep({ unfinished: { items, isAll } }: Pick<Look, 'unfinished'>) {
  const isNone = items.length === 0;
  const number = count(items.length);
  return (
    <Step
      title={t('Unfinished sessions')}
      tone={isNone ? 'good' : 'plain'}
      state={isNone ? t('none') : isAll ? number : t('{0} or more', number)}
    >
      {isNone
        ? t('Every session that was started has ended.')
        : t(
            'Such sessions do not prevent the close. What they still send is billed as late usage.',
          )}{' '}
      {!isNone && <a href={hrefTo(['waiting'])}>{t('See them all')}</a>}
    </Step>
  );
}

function worthOf(waiting: Look['blocking']['items']): string {
  const sums = new Map<string, number>();
  for (const { currency, value_at_risk: value } of waiting) {
    if (currency !== null && value !== null)
      sums.set(currency, (sums.get(currency) ?? 0) + Number(value));
  }
  if (sums.size === 0) return t('an unknown amount, because it has no price');
  const worth = [...sums].map(([currency, value]) =>
    t('about {0} {1}', currency, roughly(value.toFixed(4))),
  );
  const unknown = waiting.filter((one) => one.value_at_risk === null).length;
  if (unknown > 0) worth.push(t('and {0} without a price', count(unknown)));
  return listed(worth);
}
