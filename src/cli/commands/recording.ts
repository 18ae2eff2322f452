import type { Command } from 'commander';

import { define, JSON_OPTION, KEY_OPTION, type ThroughGiven } from './define';

/** Commands that put events into a ledger. */
export function addRecording(program: Command): void {
  define(program, 'import [file]', {
    summary: 'record CloudEvents from NDJSON',
    description:
      'Records CloudEvents from NDJSON, one a line, from a file or standard input: in the ledger of the configuration, which no service may have open, or through a running service. Run it again after an interruption: what is recorded counts as duplicate.',
    examples: [
      'DATA_DIR=/var/lib/minutebook import events.ndjson',
      'import events.ndjson --url http://127.0.0.1:3000',
    ],
  })
    .option('--url <url>', 'through the service at this address')
    .option(...KEY_OPTION)
    .option(...JSON_OPTION)
    .action(async (file: string | undefined, options: ThroughGiven) => {
      const { url, key, json = false } = options;
      await (await import('../import/import.js')).runImport({ file, url, key, json });
    });
}
