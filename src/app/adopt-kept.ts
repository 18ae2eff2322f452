import { copyKept, type CopiedTable } from '../kept/copy-kept';
import type { KeptTables } from '../kept/kept-tables';

const TABLES: readonly CopiedTable[] = [
  {
    table: 'webhooks',
    columns: [
      'id',
      'url',
      'name',
      'types',
      'enabled',
      'secret',
      'old_secret',
      'old_secret_until',
      'created_at',
      'off_because',
      'off_at',
    ],
  },
  {
    table: 'alerts',
    columns: [
      'id',
      'name',
      'metric',
      'threshold',
      'share_of_limit',
      'user_id',
      'currency',
      'from_period',
      'created_at',
    ],
  },
  { table: 'happenings', columns: ['id', 'type', 'body', 'created_at', 'fanned_out'] },
  {
    table: 'deliveries',
    columns: [
      'id',
      'webhook_id',
      'happening_id',
      'status',
      'tries',
      'step',
      'last_status',
      'last_error',
      'next_try_at',
      'created_at',
    ],
  },
  { table: 'follower', columns: ['name', 'position'] },
];

/**
 * Copies webhooks, alerts, happenings, deliveries and the followers' positions to the kept tables of another vault,
 * unless those are already in use.
 */
export function adoptKept(from: KeptTables, to: KeptTables): Promise<void> {
  return copyKept(from, to, TABLES, ['webhooks', 'alerts', 'follower']);
}
