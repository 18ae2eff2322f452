import type { BundleScope } from './scope';

/** Such as `bundle-2026-09-ann.ndjson`. What a user's id may have and a file's name may not becomes `_`. */
export function bundleFileName({ period, user_id }: BundleScope): string {
  const parts = [period, user_id?.replace(/[^A-Za-z0-9._-]/g, '_')].filter((one) => one != null);
  return `bundle-${parts.length === 0 ? 'all' : parts.join('-')}.ndjson`;
}
