import { change, count, minutes, money } from '../../format';
import { Figure } from '../period/figures';
import type { Summary } from './user-page';

/** What the month comes to. */
export function UserFigures({ summary }: { readonly summary: Summary }) {
  return (
    <dl class="figures">
      <Figure name={`Billed, ${summary.currency}`} value={money(summary.cost_cents)} isMain />
      <Figure name="Usage" value={money(summary.usage_cost_cents)} />
      <Figure name="Adjustments" value={change(summary.adjustments_cents)} />
      <Figure name="Billable minutes" value={minutes(summary.billable_minutes)} />
      <Figure name="Transcriptions" value={count(summary.transcriptions)} />
      <Figure name="Free retries" value={count(summary.free_retries)} />
    </dl>
  );
}
