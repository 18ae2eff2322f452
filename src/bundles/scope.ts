/** Whose bills a bundle covers: those of a period, of a user, of both, or (neither) of the whole ledger. */
export interface BundleScope {
  /** `YYYY-MM`. */
  readonly period: string | null;
  readonly user_id: string | null;
}
