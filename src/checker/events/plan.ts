import type { RawPlan } from '../derivation/ledger';
import type { Members } from '../json';

/** Of a plan, what bills depend on: limits decide nothing that is billed. */
export function readPlan(plan: Members): RawPlan {
  return plan.has('included_minutes') ? { included_minutes: plan.decimal('included_minutes') } : {};
}
