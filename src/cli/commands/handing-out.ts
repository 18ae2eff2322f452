import { Option, type Command } from 'commander';

import { EXPORT_FORMATS } from '../../exports/formats';
import { UsageError } from '../usage-error';
import { collect, define, JSON_OPTION } from './define';
import {
  REQUIRE_OPTION,
  WITNESS_OPTION,
  WITNESSES_OPTION,
  type WitnessesGiven,
} from './witness-options';
import { scopeOf, withScope, type ScopeGiven } from './scope';

/** Adds the commands that write files for others, and check them. */
export function addHandingOut(program: Command): void {
  addExport(program);
  addBundle(program);
  addCheckBundle(program);
}

interface ExportGiven {
  readonly period: string;
  readonly format: string;
  readonly out?: string;
  readonly asOf?: string;
  readonly json?: boolean;
}

function addExport(program: Command): void {
  define(program, 'export', {
    summary: "write a month's usage logs and adjustments for your books",
    description:
      "Writes a month's usage logs and adjustments, whether or not a service is running: to standard output, or to a file that appears only when it is complete.",
    examples: ['export --period 2026-09 --format hledger --out september.journal'],
  })
    .requiredOption('--period <month>', 'the month, such as 2026-09')
    .addOption(
      new Option('--format <format>', 'the format of the export')
        .choices(EXPORT_FORMATS)
        .makeOptionMandatory(),
    )
    .option('--out <file>', 'the file to write (default: standard output)')
    .option('--as-of <place>', 'what was known at a position or a time')
    .option('--json', 'with --out: print a summary of the file as JSON')
    .action(async ({ period, format, out, asOf, json = false }: ExportGiven) => {
      needsFile(json, out);
      await (await import('../export.js')).runExport({ period, format, as_of: asOf, out, json });
    });
}

function addBundle(program: Command): void {
  const command = define(program, 'bundle', {
    summary: 'make one file from which an auditor can check a bill',
    description:
      'Makes one file of events, cards, plans, a signed root, proofs and totals: for a user, a month, both, or the whole ledger. check-bundle checks it without the ledger.',
    examples: [
      'bundle --period 2026-10 --out october.ndjson.gz',
      'bundle --user ann --out ann.ndjson',
    ],
  });
  withScope(command, 'take')
    .option(
      '--out <file>',
      'the file to write; compressed if its name ends in .gz (default: standard output)',
    )
    .option('--json', 'with --out: print a summary of the file as JSON')
    .action(
      async ({ out, json = false, ...scope }: ScopeGiven & { out?: string; json?: boolean }) => {
        needsFile(json, out);
        await (await import('../bundle.js')).runBundle({ ...scopeOf(scope), out, json });
      },
    );
}

interface CheckGiven extends WitnessesGiven {
  readonly key?: readonly string[];
  readonly json?: boolean;
}

function addCheckBundle(program: Command): void {
  define(program, 'check-bundle <file>', {
    summary: 'check a bundle, without the ledger',
    description:
      'Checks a bundle from the file alone: no configuration, no network, no ledger. It derives every cent and every hash from the events in it, and says what does not follow. Exit status 0 only if everything follows.',
    examples: [
      'check-bundle october.ndjson.gz --key ledger.vkey',
      'check-bundle october.ndjson.gz --key ledger.vkey --witnesses witnesses.txt --require 2',
    ],
  })
    .option('--key <key>', "the ledger's verifier key, or a file that holds it", collect)
    .option(...WITNESS_OPTION)
    .option(...WITNESSES_OPTION)
    .option(...REQUIRE_OPTION)
    .option(...JSON_OPTION)
    .action(async (file: string, options: CheckGiven) => {
      const { key: [key, ...others] = [], json = false, ...given } = options;
      if (others.length > 0) throw new UsageError('A bundle has one key. Give --key once.');
      const { checkBundle, WrongUse } = await import('../../checker/command.js');
      process.exitCode = await checkBundle(file, { key, json, ...given }).catch((error) => {
        throw error instanceof WrongUse ? new UsageError(error.message) : error;
      });
    });
}

function needsFile(json: boolean, out: string | undefined): void {
  if (!json || out !== undefined) return;
  throw new UsageError('--json prints what was written to a file: name the file with --out.');
}
