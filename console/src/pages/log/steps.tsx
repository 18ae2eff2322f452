import type { Schema } from '../../api/client';
import { decimal, money, seconds } from '../../format';
import type { Log } from './log-page';
import { textOfStep } from './step-text';
import { m, t } from '../../i18n/language';

type Step = Schema<'Step'>;

const NAMES: Readonly<Record<Step['step'], string>> = {
  quantity: m('Seconds'),
  allowance: m('Included minutes'),
  price: m('Price'),
  surcharges: m('Surcharges'),
  cost: m('Cost'),
  cents: m('Cents'),
};

/** The arithmetic, step by step, with each step's result. */
export function Steps({ log }: { readonly log: Log }) {
  return (
    <ol class="steps">
      {log.explanation.steps.map((step) => (
        <li key={step.step}>
          <span class="step-name">{t(NAMES[step.step])}</span>
          <span class="step-text">{textOfStep(step, log.currency)}</span>
          <span class="step-end figure">{endOf(step, log.currency)}</span>
        </li>
      ))}
    </ol>
  );
}

/** Returns a step's result, which the next step begins with. */
function endOf(step: Step, currency: string): string {
  switch (step.step) {
    case 'quantity':
      return seconds(step.billed_seconds);
    case 'allowance':
      return t('{0} s charged', decimal(step.charged_seconds));
    case 'price':
      return step.entry;
    case 'surcharges':
      return `× ${decimal(step.factor)}`;
    case 'cost':
      return `${currency} ${decimal(step.cost)}`;
    case 'cents':
      return `${currency} ${money(step.cost_cents)}`;
  }
}
