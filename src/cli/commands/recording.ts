import type { Command } from 'commander';

import { UsageError } from '../usage-error';
import { collect, define, JSON_OPTION, KEY_OPTION, type ThroughGiven } from './define';

/** Options of `import`, as commander gives them. */
interface ImportGiven extends ThroughGiven {
  readonly from?: string;
  readonly type?: readonly string[];
  readonly usageLogs?: string;
  readonly map?: readonly string[];
  readonly set?: readonly string[];
  readonly source?: string;
  readonly timeZone?: string;
  readonly report?: string;
  readonly dryRun?: boolean;
  readonly financeKey?: string;
}

type Names = readonly (keyof ImportGiven)[];
/** Options that say how another system's records become facts. */
const OF_OTHERS = ['map', 'set', 'source', 'dryRun'] as const satisfies Names;
/** Options that only a usage table takes. */
const OF_TABLES = ['timeZone', 'report', 'financeKey'] as const satisfies Names;

/** Adds the commands that put events into a ledger. */
export function addRecording(program: Command): void {
  define(program, 'import [file]', {
    summary: 'record CloudEvents from NDJSON, the rows of a usage table, or events of OpenMeter',
    description:
      'Records CloudEvents from NDJSON, one a line, from a file or standard input: in the configured ledger, which no service may have open, or through a running service. Run it again after an interruption: what is recorded counts as duplicate.\n\nWith --usage-logs it records the rows of a mutable usage table, as facts with ids derived from the rows’, and compares what the table charged with what the ledger derives.\n\nWith --from openmeter it records the events that OpenMeter lists, one event or one page a line, as --type, --map and --set say.',
    examples: [
      'DATA_DIR=/var/lib/minutebook import events.ndjson',
      'import events.ndjson --url http://127.0.0.1:3000',
      'import --usage-logs usage_logs.csv --dry-run',
      'import --usage-logs usage_logs.csv --map seconds=duration_seconds --set stt_provider=google --report report',
      'import --from openmeter events.ndjson --type transcription=completed --map data.run=session_id --map data.seconds=duration_seconds --set stt_provider=google',
    ],
  })
    .option('--url <url>', 'through the service at this address')
    .option(...KEY_OPTION)
    .option('--from <system>', 'the system whose events these are: openmeter')
    .option(
      '--type <type=outcome>',
      'for OpenMeter: an event type, and completed or failed; may be given several times',
      collect,
    )
    .option('--usage-logs <file>', 'the rows of a usage table: CSV with a header')
    .option(
      '--map <column=field>',
      'a column with another name, or a property of an event; column= leaves a column out; may be given several times',
      collect,
    )
    .option(
      '--set <field=value>',
      'a value for rows that have none; may be given several times',
      collect,
    )
    .option(
      '--source <source>',
      'the source of the facts; the same each time (default: "import/usage-logs", "import/openmeter")',
    )
    .option(
      '--time-zone <zone>',
      'the time zone of times without an offset, and of the months of the table (default: "UTC")',
    )
    .option('--report <folder>', 'write the report as CSV, by row, by user and by month')
    .option('--dry-run', 'say which rows can’t be recorded, without opening a ledger')
    .option(
      '--finance-key <key>',
      'the key of finance, for the report with --url (default: as for --key)',
    )
    .option(...JSON_OPTION)
    .action(runImport);
}

async function runImport(file: string | undefined, given: ImportGiven): Promise<void> {
  const { url, key, json = false, usageLogs, from } = given;
  checkTogether(file, given);
  const { map = [], set = [], timeZone = 'UTC', report, dryRun = false, financeKey } = given;
  if (from !== undefined) {
    const { importOpenMeter } = await import('../import/openmeter/import-openmeter.js');
    const { type: types = [], source = 'import/openmeter' } = given;
    await importOpenMeter({ file, types, map, set, source, dryRun, url, key, json });
  } else if (usageLogs !== undefined) {
    const { importUsageLogs } = await import('../import/usage-logs/import-usage-logs.js');
    const { source = 'import/usage-logs' } = given;
    const options = { file: usageLogs, map, set, source, timeZone, report, dryRun };
    await importUsageLogs({ ...options, url, key, financeKey, json });
  } else {
    await (await import('../import/import.js')).runImport({ file, url, key, json });
  }
}

/** @throws UsageError if the options do not go together. */
function checkTogether(file: string | undefined, given: ImportGiven): void {
  const { usageLogs, from } = given;
  const has = (names: Names) => names.some((name) => given[name] !== undefined);
  if (from !== undefined && from !== 'openmeter')
    throw new UsageError(`--from ${from}: only openmeter is known.`);
  if (usageLogs === undefined && has(OF_TABLES))
    throw new UsageError('Those options need --usage-logs FILE.');
  if (from === undefined && has(['type'])) throw new UsageError('--type needs --from openmeter.');
  if (usageLogs === undefined && from === undefined && has(OF_OTHERS))
    throw new UsageError('Those options need --usage-logs FILE or --from openmeter.');
  if (usageLogs !== undefined && (file !== undefined || from !== undefined))
    throw new UsageError('Give --usage-logs FILE or a file of events, not both.');
}
