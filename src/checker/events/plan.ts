import type { RawPlan } from '../derivation/ledger';
import type { Members } from '../json';

/** Reads the part of a plan that bills depend on. Limits do not affect bills. */
export function readPlan(plan: Members): RawPlan {
  return plan.has('included_minutes') ? { included_minutes: plan.decimal('included_minutes') } : {};
}
