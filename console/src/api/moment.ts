import { answerOf } from './answer';
import { api } from './client';

/**
 * Returns the moment that counts as "now" on a page that shows the ledger as of a time or a position, in milliseconds
 * since 1970: for a position, when its event was recorded.
 */
export async function momentOf(asOf: string | undefined): Promise<number> {
  if (asOf === undefined) return Date.now();
  if (!/^\d+$/.test(asOf)) return Date.parse(asOf);
  const query = { after: String(BigInt(asOf) - 1n), limit: 1 };
  const { items } = await answerOf(api.GET('/v1/audit/events', { params: { query } }));
  return items[0] === undefined ? Date.now() : Date.parse(items[0].recorded_at);
}
