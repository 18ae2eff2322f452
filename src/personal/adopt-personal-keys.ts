import { copyKept, type CopiedTable } from '../kept/copy-kept';
import type { KeptTables } from '../kept/kept-tables';

/** The keys, and the erasures that were carried out. */
const TABLES: readonly CopiedTable[] = [
  { table: 'personal_keys', columns: ['key_id', 'user_id', 'secret', 'created_at', 'retired'] },
  { table: 'erasures', columns: ['event_id', 'position', 'user_id', 'erased_at'] },
];

/**
 * Copies the keys of personal values to tables that have none yet, when a ledger moves to PostgreSQL or to a sealed
 * copy: values that were sealed before stay readable there.
 */
export function adoptPersonalKeys(from: KeptTables, to: KeptTables): Promise<void> {
  return copyKept(from, to, TABLES, ['personal_keys', 'erasures']);
}
