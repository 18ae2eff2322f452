import type { Command } from 'commander';

import { UsageError } from '../usage-error';
import { collect, define, JSON_OPTION, KEY_OPTION, type ThroughGiven } from './define';

/** Options of `import`, as commander gives them. */
interface ImportGiven extends ThroughGiven {
  readonly usageLogs?: string;
  readonly map?: readonly string[];
  readonly set?: readonly string[];
  readonly source?: string;
  readonly timeZone?: string;
  readonly report?: string;
  readonly dryRun?: boolean;
  readonly financeKey?: string;
}

/** Options that say something of a usage table alone. */
const OF_TABLES = [
  'map',
  'set',
  'source',
  'timeZone',
  'report',
  'dryRun',
  'financeKey',
] as const satisfies readonly (keyof ImportGiven)[];

/** Commands that put events into a ledger. */
export function addRecording(program: Command): void {
  define(program, 'import [file]', {
    summary: 'record CloudEvents from NDJSON, or the rows of a usage table',
    description:
      'Records CloudEvents from NDJSON, one a line, from a file or standard input: in the ledger of the configuration, which no service may have open, or through a running service. Run it again after an interruption: what is recorded counts as duplicate.\n\nWith --usage-logs it records the rows of a mutable usage table, as facts with ids derived from the rows’, and sets what the table charged beside what the ledger derives.',
    examples: [
      'DATA_DIR=/var/lib/minutebook import events.ndjson',
      'import events.ndjson --url http://127.0.0.1:3000',
      'import --usage-logs usage_logs.csv --dry-run',
      'import --usage-logs usage_logs.csv --map seconds=duration_seconds --set stt_provider=google --report report',
    ],
  })
    .option('--url <url>', 'through the service at this address')
    .option(...KEY_OPTION)
    .option('--usage-logs <file>', 'the rows of a usage table: CSV with a header')
    .option(
      '--map <column=field>',
      'a column that has another name; several times; column= leaves it out',
      collect,
    )
    .option('--set <field=value>', 'for rows that have none; several times', collect)
    .option('--source <source>', 'of the facts; the same each time (default: "import/usage-logs")')
    .option(
      '--time-zone <zone>',
      'of times without an offset, and of the months of the table (default: "UTC")',
    )
    .option('--report <folder>', 'write the report as CSV, row by row, by user and by month')
    .option('--dry-run', 'say which rows can’t be told; opens no ledger')
    .option('--finance-key <key>', 'what opens the report at --url; left out: as --key, of finance')
    .option(...JSON_OPTION)
    .action(runImport);
}

async function runImport(file: string | undefined, given: ImportGiven): Promise<void> {
  const { url, key, json = false, usageLogs } = given;
  if (usageLogs === undefined) {
    if (OF_TABLES.some((name) => given[name] !== undefined))
      throw new UsageError('That option needs --usage-logs FILE.');
    await (await import('../import/import.js')).runImport({ file, url, key, json });
    return;
  }
  if (file !== undefined)
    throw new UsageError('Give --usage-logs FILE or a file of events, not both.');
  const { importUsageLogs } = await import('../import/usage-logs/import-usage-logs.js');
  const { map = [], set = [], source = 'import/usage-logs', timeZone = 'UTC' } = given;
  const { report, dryRun = false, financeKey } = given;
  const options = { file: usageLogs, map, set, source, timeZone, report, dryRun };
  await importUsageLogs({ ...options, url, key, financeKey, json });
}
