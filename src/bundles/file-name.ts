import type { BundleScope } from './scope';

/**
 * Returns a name such as `bundle-2026-09-ann.ndjson`. Characters of an id that are not safe in a file name become `_`.
 */
export function bundleFileName({ period, user_id }: BundleScope): string {
  const parts = [period, user_id?.replace(/[^A-Za-z0-9._-]/g, '_')].filter((one) => one != null);
  return `bundle-${parts.length === 0 ? 'all' : parts.join('-')}.ndjson`;
}
