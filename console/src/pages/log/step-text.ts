import type { Schema } from '../../api/client';
import { decimal } from '../../format';
import { currentLanguage, m, t } from '../../i18n/language';
import { words } from '../../i18n/words';

type Step = Schema<'Step'>;

/** The service's sentences on why a log is free. Each is translated as a whole. */
const WHY_FREE = [
  m('The recording has a duration of 0 seconds: nothing is billed.'),
  m('Trying again after a failure costs nothing more: this retry is free.'),
  m(
    'A later attempt was billed as the first success of the session, in a period that is closed: one success, one charge, so this attempt is free.',
  ),
];

/**
 * Writes a step of the arithmetic in words. In English it is the service's own sentence. Other languages build it from
 * the step's numbers, with less detail about tiers.
 */
export function textOfStep(step: Step, currency: string): string {
  if (currentLanguage() === 'en') return step.text;
  switch (step.step) {
    case 'quantity':
      return quantity(step);
    case 'allowance':
      return t(
        '{0} s of the plan’s included minutes were left: {1} s are included, {2} s are charged.',
        decimal(step.left_before),
        decimal(step.included_seconds),
        decimal(step.charged_seconds),
      );
    case 'price':
      return price(step, currency);
    case 'surcharges':
      return step.factor === '1'
        ? t('No surcharge applies: the factor is 1.')
        : t('What is charged per second is multiplied by {0}.', decimal(step.factor));
    case 'cost':
      return WHY_FREE.includes(step.text)
        ? t(step.text)
        : t('Seconds × price × factor, rounded to 12 decimals at most.');
    case 'cents':
      return t(
        'The statement’s total is {0} {1} with this log ({2}). It was {3} cents before, so this log adds {4}.',
        currency,
        decimal(step.running_total),
        words(step.rounding),
        step.cents_before,
        step.cost_cents,
      );
  }
}

function quantity(step: Extract<Step, { step: 'quantity' }>): string {
  const sentences = [
    t(
      '{0} s, rounded to whole increments of {1} s ({2}): {3} s are billed.',
      decimal(step.duration_seconds),
      decimal(step.increment_seconds),
      words(step.increment_rounding),
      decimal(step.billed_seconds),
    ),
  ];
  if (step.minimum_seconds !== '0') {
    sentences.push(t('At least {0} s.', decimal(step.minimum_seconds)));
  }
  if (step.extra_increments > 0) {
    sentences.push(t('{0} more {0|increment is|increments are} added.', step.extra_increments));
  }
  if (step.channels_factor > 1) {
    sentences.push(t('The seconds count {0} times for the channels.', step.channels_factor));
  }
  return sentences.join(currentLanguage() === 'zh-TW' ? '' : ' ');
}

function price(step: Extract<Step, { step: 'price' }>, currency: string): string {
  const { entry, before_seconds: before, parts } = step;
  if (parts.length === 0) return t('Nothing is charged under the price “{0}”.', entry);
  const each = parts.map((part) => {
    const text = t(
      '{0} s at {1} {2} for each {3} s',
      decimal(part.seconds),
      currency,
      decimal(part.amount),
      decimal(part.per_seconds),
    );
    return part.flat_amount === '0'
      ? text
      : t('{0} and {1} {2} once a period', text, currency, decimal(part.flat_amount));
  });
  return t(
    'Under the price “{0}”, after {1} s charged before in the period: {2}.',
    entry,
    decimal(before),
    each.join(' + '),
  );
}
