#!/usr/bin/env node
import { parseArgs } from 'node:util';

import { runDemo } from './cli/demo';
import { runImport } from './cli/import';
import { fail, serve } from './cli/serve';

const USAGE = `Usage: minutebook <command>

  serve                     serve the API (configuration: environment variables, see docs/reference/configuration.md)
  demo [--durations FILE]   a service of its own with a month of traffic, or with the durations of a CSV file;
       [--seed N] [--stay]  --stay keeps it up to look at
  import [FILE] [--json]    record CloudEvents from NDJSON, a file or standard input, in the ledger of DATA_DIR
                            or, with --url URL, through a running service

  --help                    this text
`;

/** The command line: http.md, "Command line". Exit status 0 only when what was asked holds. */
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
    },
  });
  const [command, ...rest] = positionals;
  if (values.help === true || command === undefined) {
    console.log(USAGE);
    process.exitCode = values.help === true ? 0 : 2;
    return;
  }
  if (rest.length > (command === 'import' ? 1 : 0)) {
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
      return runImport({ file: rest[0], url: values.url, json: values.json === true });
    default:
      throw new UsageError(`There is no command "${command}".`);
  }
}

class UsageError extends Error {}

main().catch((error: unknown) => {
  const wrongUse =
    error instanceof UsageError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  if (wrongUse === true) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exitCode = 2;
  } else fail(error);
});
