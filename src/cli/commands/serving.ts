import type { Command } from 'commander';

import { define } from './define';

/** Adds the commands that run a service. */
export function addServing(program: Command): void {
  define(program, 'serve', {
    summary: 'serve the API',
    description:
      'Serves the API until SIGINT or SIGTERM. Environment variables configure it: docs/reference/configuration.md.',
    examples: ['DATA_DIR=/var/lib/minutebook PORT=3000 serve'],
  }).action(async () => (await import('../serve.js')).serve());

  define(program, 'demo', {
    summary: 'see it work: run a service of its own on a month of made-up traffic',
    description:
      'Starts a service of its own with an empty ledger in a temporary folder, sends it a month of traffic, shows totals, a bill and an explained charge, and rebuilds the read models to compare them. The folder is removed at the end.',
    examples: ['demo', 'demo --durations durations.csv --stay'],
  })
    .option(
      '--durations <file>',
      'send the durations of a CSV file with the columns recording_id, speaker_or_user, duration_seconds',
    )
    .option('--seed <number>', 'make other traffic; the same number makes the same traffic')
    .option('--stay', 'keep running afterwards until Ctrl-C (default on a terminal)')
    .action(async (options: { durations?: string; seed?: string; stay?: boolean }) => {
      const { durations, seed, stay = false } = options;
      await (await import('../demo/demo.js')).runDemo({ durations, seed, stay });
    });
}
