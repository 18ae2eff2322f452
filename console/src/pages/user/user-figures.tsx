import { change, count, minutes, money } from '../../format';
import { Figure } from '../period/figures';
import type { Summary } from './user-page';
import { t } from '../../i18n/language';

/** The month's main figures. */
export function UserFigures({ summary }: { readonly summary: Summary }) {
  return (
    <dl class="figures">
      <Figure name={t('Billed, {0}', summary.currency)} value={money(summary.cost_cents)} isMain />
      <Figure name={t('Usage')} value={money(summary.usage_cost_cents)} />
      <Figure name={t('Adjustments')} value={change(summary.adjustments_cents)} />
      <Figure name={t('Billable minutes')} value={minutes(summary.billable_minutes)} />
      <Figure name={t('Transcriptions')} value={count(summary.transcriptions)} />
      <Figure name={t('Free retries')} value={count(summary.free_retries)} />
    </dl>
  );
}
