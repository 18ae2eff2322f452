import { Option, type Command } from 'commander';

import { UsageError } from '../usage-error';
import { collect, define, JSON_OPTION, KEY_OPTION, type ThroughGiven } from './define';
import { scopeOf, withScope, type ScopeGiven } from './scope';
import {
  REQUIRE_OPTION,
  WITNESS_OPTION,
  WITNESSES_OPTION,
  type WitnessesGiven,
} from './witness-options';

/** Adds the commands that check the ledger and what is derived from it. */
export function addAuditing(program: Command): void {
  addVerify(program);
  addReplay(program);
  addRehearse(program);
  addRebuild(program);
  addReconcile(program);
}

interface VerifyGiven extends WitnessesGiven {
  readonly key?: readonly string[];
  readonly json?: boolean;
}

function addVerify(program: Command): void {
  define(program, 'verify', {
    summary: 'check the ledger from its first event to its last',
    description:
      'Reads the whole ledger, whether or not a service is running, and names what was changed, removed, inserted, swapped or cut off, and rows that do not follow from the events. It changes nothing. Exit status 0 only if everything follows.',
    examples: ['verify', "verify --key 'minutebook/1f0c…+5d0f2c1e+AY3…'"],
  })
    .option(
      '--key <key>',
      'accept only roots signed by this verifier key, or by keys that handovers lead to from it; may be given several times',
      collect,
    )
    .option(...WITNESS_OPTION)
    .option(...WITNESSES_OPTION)
    .option(...REQUIRE_OPTION)
    .option(...JSON_OPTION)
    .action(async ({ key: keys, json = false, ...witnesses }: VerifyGiven) => {
      await (await import('../verify.js')).runVerify({ keys, witnesses, json });
    });
}

function addReplay(program: Command): void {
  const command = define(program, 'replay', {
    summary: 'derive everything again and compare it with the live read model',
    description:
      'Fills read models of its own from the ledger, whether or not a service is running, and compares them with the live ones, row by row. It changes nothing. Exit status 0 only if nothing differs.',
    examples: ['replay', 'replay --user ann --period 2026-10'],
  });
  withScope(command, 'compare')
    .option(...JSON_OPTION)
    .action(async ({ json = false, ...scope }: ScopeGiven & { json?: boolean }) => {
      await (await import('../replay.js')).runReplay({ ...scopeOf(scope), json });
    });
}

interface RehearseGiven extends ScopeGiven {
  readonly cards?: string;
  readonly plans?: string;
  readonly csv?: boolean;
  readonly json?: boolean;
}

function addRehearse(program: Command): void {
  const command = define(program, 'rehearse', {
    summary: 'what each user would have paid under draft prices or plans',
    description:
      'Replays the ledger under draft rate cards or plans: what each user paid and would have paid, with totals. It writes nothing to the ledger.',
    examples: ['rehearse --cards draft.json --period 2026-10'],
  });
  withScope(command, 'rehearse')
    .option('--cards <file>', 'a rate card as JSON, or a list of them')
    .option('--plans <file>', 'plans by name, as JSON')
    .addOption(new Option('--csv', 'print the items as CSV').conflicts('json'))
    .option(...JSON_OPTION)
    .action(async ({ cards, plans, csv, json, ...scope }: RehearseGiven) => {
      if (cards === undefined && plans === undefined) {
        throw new UsageError('Name the drafts: --cards FILE, --plans FILE, or both.');
      }
      const form = json === true ? 'json' : csv === true ? 'csv' : 'text';
      const { runRehearse } = await import('../rehearse.js');
      await runRehearse({ ...scopeOf(scope), cards, plans, form });
    });
}

function addRebuild(program: Command): void {
  define(program, 'rebuild', {
    summary: 'fill new read models from the events and put them in place',
    description:
      'Fills new read models from the ledger, beside the live ones, and puts them in their place. If a service has the ledger open, it does the rebuild and keeps serving. If interrupted, run it again: it continues where it stopped.',
    examples: ['rebuild', 'rebuild --url http://127.0.0.1:3000'],
  })
    .option('--url <url>', 'through the service at this address')
    .option(
      '--threads <number>',
      'how many threads fold in parallel, 1 to 8 (default: one fewer than there are cores, at most 4)',
    )
    .option(...KEY_OPTION)
    .option(...JSON_OPTION)
    .action(async ({ url, key, threads, json = false }: ThroughGiven & { threads?: string }) => {
      await (await import('../rebuild.js')).runRebuild({ url, key, threads, json });
    });
}

interface ReconcileGiven {
  readonly provider: string;
  readonly period: string;
  readonly match?: string;
  readonly tolerance?: string;
  readonly items?: string;
  readonly json?: boolean;
}

function addReconcile(program: Command): void {
  define(program, 'reconcile <file>', {
    summary: "compare a vendor's list of requests with the ledger's logs",
    description:
      "Reads a vendor's list of requests (CSV, or a list as Deepgram or AssemblyAI returns it) and finds what is only there, only here, listed twice, or differs in duration; with the vendor's cost, what was billed, and the margin. It writes nothing to the ledger. Exit status 0 only if every line and log matches.",
    examples: [
      'reconcile --provider deepgram --period 2026-10 requests.json',
      'reconcile --provider whisper --period 2026-10 --match /id --items lost.csv list.csv',
    ],
  })
    .requiredOption('--provider <provider>', 'the provider, as the ledger names it')
    .requiredOption('--period <month>', 'the month, such as 2026-10')
    .option('--match <pointer>', "where provider_metadata holds the vendor's request id")
    .option('--tolerance <seconds>', 'how many seconds durations may differ by')
    .option('--items <file>', 'write the outcome of each line and log to this file, as CSV')
    .option(...JSON_OPTION)
    .action(async (file: string, { json = false, ...given }: ReconcileGiven) => {
      await (await import('../reconcile.js')).runReconcile(file, { ...given, json });
    });
}
