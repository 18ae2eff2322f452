#!/usr/bin/env node
import { parseArgs } from 'node:util';

import { checkBundle } from './checker/command';
import { runAcceptRestore } from './cli/accept-restore';
import { runBundle } from './cli/bundle';
import { runDemo } from './cli/demo/demo';
import { runExport } from './cli/export';
import { fail } from './cli/failure';
import { runImport } from './cli/import/import';
import { runKeys } from './cli/keys';
import { runMigrateStore } from './cli/migrate-store';
import { runRebuild } from './cli/rebuild';
import { runRehearse } from './cli/rehearse';
import { runReplay } from './cli/replay';
import { serve } from './cli/serve';
import { runSigningKeys } from './cli/signing-keys';
import { UsageError } from './cli/usage-error';
import { runVerify } from './cli/verify';

const USAGE = `Usage: minutebook <command>

  serve                     serve the API (configuration: environment variables, see docs/reference/configuration.md)
  demo [--durations FILE]   a service of its own with a month of traffic, or with the durations of a CSV file;
       [--seed N] [--stay]  --stay keeps it up to look at
  import [FILE] [--json]    record CloudEvents from NDJSON, a file or standard input, in the ledger of DATA_DIR
                            or, with --url URL, through a running service; --key or MINUTEBOOK_KEY opens it
  replay [--user U]         fill read models of its own from the ledger of DATA_DIR, beside a service or not, and
       [--period P]         compare them with the live ones, row for row; --as-of X compares as of a position or time
       [--as-of X] [--json]
  rebuild [--json]          fill the read models anew from the ledger of DATA_DIR, beside the live ones, and put them in
         [--url URL]        their place: through the service where one runs (at URL; default: that of PORT); goes on
                            where it was interrupted
  rehearse [--cards FILE]   what each user would have paid under draft rate cards or plans, beside what they did
       [--plans FILE] [--user U] [--period P] [--as-of X] [--json | --csv]
  export --period P         a month's usage logs and adjustments from the ledger of DATA_DIR, beside a service or not;
       --format F           F is csv, ndjson, focus or hledger; to standard output, or whole or not at all to --out
       [--out FILE] [--as-of X] [--json]
  verify [--key KEY]...     read the ledger of DATA_DIR from the first event to the last, beside a service or not: names
         [--json]           what was changed, removed, inserted, swapped or cut off, and rows that do not follow;
                            --key believes roots signed by these verifier keys alone
  bundle [--period P]       one file for an auditor: events, cards, plans, signed root, proofs, totals; of a period, a
         [--user U]         user, both or all; --out FILE (.gz packs it), else standard output; --as-of X as then
         [--as-of X] [--out FILE] [--json]
  check-bundle FILE         check such a file, without the ledger: derives every cent and every hash anew, and says what
         [--key KEY]        does not follow; --key = the ledger's verifier key or a file that holds it
         [--json]
  keys add --role R         an API key, shown this once: R is producer, reader, finance or admin; --source binds a
       --name N             producer to sources that begin so, --user a reader to one user
       [--source S] [--user U] [--expires-at TIME]
  keys list                 all of them, never the keys themselves
  keys revoke ID            refused everywhere within two seconds
  keys init [--json]        one key a role, in DATA_DIR/initial-keys.json, where there is none yet
  accept-restore            after a restore from a backup: says which signed roots the ledger does not continue;
       --reason TEXT        with --yes they are given up, in an event that the ledger's key signs, and signing goes on
       [--author NAME] [--yes] [--json]
  signing-keys list         the keys that sign the ledger's roots, beside a service or not
  signing-keys rotate       makes a new one, which signs from now on, and has the old one say so
         [--json]
  migrate-store --to URL    copy the ledger to another event store, a file or a server, and compare the two; run again,
       [--from URL]         it goes on where it stopped. Left out, one of both is that of the configuration
       [--from-prefix P] [--to-prefix P] [--json]

  --help                    this text
`;

/** Commands that are told a file, or what to do. */
const TAKES_ONE = new Set(['import', 'check-bundle', 'signing-keys']);

/** The command line (docs/reference/command-line.md). Exit status 0 only when what was asked holds. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      durations: { type: 'string' },
      seed: { type: 'string' },
      stay: { type: 'boolean' },
      json: { type: 'boolean' },
      url: { type: 'string' },
      user: { type: 'string' },
      period: { type: 'string' },
      'as-of': { type: 'string' },
      cards: { type: 'string' },
      plans: { type: 'string' },
      csv: { type: 'boolean' },
      format: { type: 'string' },
      out: { type: 'string' },
      key: { type: 'string', multiple: true },
      from: { type: 'string' },
      to: { type: 'string' },
      'from-prefix': { type: 'string' },
      'to-prefix': { type: 'string' },
      role: { type: 'string' },
      name: { type: 'string' },
      source: { type: 'string' },
      'expires-at': { type: 'string' },
      reason: { type: 'string' },
      author: { type: 'string' },
      yes: { type: 'boolean' },
    },
  });
  const [command, ...rest] = positionals;
  if (values.help === true || command === undefined) {
    console.log(USAGE);
    process.exitCode = values.help === true ? 0 : 2;
    return;
  }
  if (rest.length > (command === 'keys' ? 2 : TAKES_ONE.has(command) ? 1 : 0)) {
    throw new UsageError(`"${rest.at(-1)}" was not expected.`);
  }
  switch (command) {
    case 'serve':
      return serve();
    case 'demo':
      return runDemo({
        durations: values.durations,
        seed: values.seed,
        stay: values.stay === true,
      });
    case 'import':
      return runImport({
        file: rest[0],
        url: values.url,
        key: oneKey(values.key),
        json: values.json === true,
      });
    case 'replay':
      return runReplay({ ...scopeOf(values), json: values.json === true });
    case 'rebuild':
      return runRebuild({ url: values.url, key: oneKey(values.key), json: values.json === true });
    case 'rehearse':
      if (values.json === true && values.csv === true) {
        throw new UsageError('--json and --csv are two forms of one answer: choose one.');
      }
      if (values.cards === undefined && values.plans === undefined) {
        throw new UsageError('Name drafts: --cards FILE, --plans FILE, or both.');
      }
      return runRehearse({
        ...scopeOf(values),
        cards: values.cards,
        plans: values.plans,
        form: values.json === true ? 'json' : values.csv === true ? 'csv' : 'text',
      });
    case 'export': {
      const { period, format, out, json = false } = values;
      if (json && out === undefined) {
        throw new UsageError('--json says what was written to a file: name it with --out.');
      }
      return runExport({ period, format, as_of: values['as-of'], out, json });
    }
    case 'verify':
      return runVerify({ keys: values.key, json: values.json === true });
    case 'bundle':
      if (values.json === true && values.out === undefined) {
        throw new UsageError('--json says what was written to a file: name it with --out.');
      }
      return runBundle({ ...scopeOf(values), out: values.out, json: values.json === true });
    case 'check-bundle': {
      const [file] = rest;
      if (file === undefined) throw new UsageError('Name the file to check.');
      if ((values.key?.length ?? 0) > 1) throw new UsageError('A bundle has one key.');
      const [key] = values.key ?? [];
      process.exitCode = await checkBundle(file, { key, json: values.json === true });
      return;
    }
    case 'keys': {
      const { role, name, source, user: user_id, 'expires-at': expires_at } = values;
      const order = { role, name, source, user_id, expires_at };
      return runKeys(rest[0], { order, id: rest[1], json: values.json === true });
    }
    case 'accept-restore': {
      const { reason, author = 'operator', yes = false, json = false } = values;
      if (yes && (reason ?? '').trim() === '') {
        throw new UsageError(
          'Say with --reason why the ledger was restored: it stays in the ledger.',
        );
      }
      return runAcceptRestore({ reason: reason ?? '', author, yes, json });
    }
    case 'signing-keys':
      return runSigningKeys(rest[0], { json: values.json === true });
    case 'migrate-store':
      return runMigrateStore({
        from: { url: values.from, prefix: values['from-prefix'] },
        to: { url: values.to, prefix: values['to-prefix'] },
        json: values.json === true,
      });
    default:
      throw new UsageError(`There is no command "${command}".`);
  }
}

/** What a replay or rehearsal is of, as it is asked for over HTTP. */
function scopeOf(values: { user?: string; period?: string; 'as-of'?: string }) {
  return { user_id: values.user, period: values.period, as_of: values['as-of'] };
}

/** `--key` of commands that speak to a service. */
function oneKey(keys: readonly string[] | undefined): string | undefined {
  if ((keys?.length ?? 0) > 1) throw new UsageError('Give one --key.');
  return keys?.[0];
}

main().catch((error: unknown) => {
  const wrongUse =
    error instanceof UsageError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  if (wrongUse === true) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exitCode = 2;
  } else fail(error);
});
