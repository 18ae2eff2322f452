import type { RawPlan } from '../derivation/ledger';
import type { Members } from '../json';

/** The part of a plan that bills depend on. Limits decide nothing that is billed. */
export function readPlan(plan: Members): RawPlan {
  return plan.has('included_minutes') ? { included_minutes: plan.decimal('included_minutes') } : {};
}
