import { withAuditParts } from '../app/audit-parts';
import { FULL_SPEED } from '../projections/pace';
import type { Difference } from '../read-model/difference';
import { replay, type ReplayResult } from '../replay/replay';
import { readConfigured } from './configured';
import { requestOf, type ScopeOptions } from './audit';
import { withProgress } from './with-progress';
import { counted } from '../lib/counted';

/**
 * Replays the configured ledger and compares the result, in its own process, whether or not a service is running. Exit
 * status 0 only if nothing differs.
 */
export async function runReplay(options: ScopeOptions & { readonly json: boolean }): Promise<void> {
  const request = requestOf(options);
  const config = readConfigured();
  const result = await withAuditParts(config, (parts) =>
    withProgress(!options.json, (report) => replay(parts, request, FULL_SPEED, report)),
  );
  if (options.json) console.log(JSON.stringify(result));
  else print(result);
  if (result.differences > 0) process.exitCode = 1;
}

function print(result: ReplayResult): void {
  for (const difference of result.items) printDifference(difference);
  if (result.differences > result.items.length) {
    console.log(`(${result.differences - result.items.length} more are counted, not shown)\n`);
  }
  console.log(
    `Replayed ${counted(result.size, 'event')}, up to position ${result.position}${result.recorded_at === null ? '' : `, recorded by ${result.recorded_at}`}.`,
  );
  console.log(`Their Merkle root is ${result.root}.`);
  if (Number(result.head) > Number(result.position) && result.differences >= 0) {
    console.log(
      `The ledger goes on to position ${result.head}. The live read model lags behind it, or you asked for an earlier position: the comparison is for position ${result.position}.`,
    );
  }
  const rows = `${counted(result.rows_compared, 'row')} and ${counted(result.closed_periods_checked, 'closed period')} compared`;
  if (result.differences === 0) console.log(`${rows}: no difference.`);
  else
    console.log(
      `${rows}: ${counted(result.differences, 'DIFFERENCE', 'DIFFERENCES')}, shown above.`,
    );
}

function printDifference({ table, key, fields, live, replayed }: Difference): void {
  const name = Object.values(key).map(String).join(' ');
  const what =
    live === null
      ? 'is missing from the live read model'
      : replayed === null
        ? 'is live, but does not follow from the events'
        : `differs in ${fields.join(', ')}`;
  console.log(`${table} ${name}: ${what}`);
  if (live !== null && replayed !== null) {
    for (const field of fields) {
      console.log(
        `  ${field}:\n    live      ${at(live, field)}\n    replayed  ${at(replayed, field)}`,
      );
    }
  }
  console.log(`  live      ${JSON.stringify(live)}`);
  console.log(`  replayed  ${JSON.stringify(replayed)}\n`);
}

/** Returns the value at a path such as `view.cost_cents`. */
function at(row: object, path: string): string {
  let value: unknown = row;
  for (const name of path.split('.')) {
    value =
      typeof value === 'object' && value !== null
        ? (value as Record<string, unknown>)[name]
        : undefined;
  }
  return value === undefined ? '(not there)' : JSON.stringify(value);
}
