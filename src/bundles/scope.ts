/** What the bills of a bundle are of: a period, a user, both, or (neither) the whole ledger. */
export interface BundleScope {
  /** `YYYY-MM`. */
  readonly period: string | null;
  readonly user_id: string | null;
}
