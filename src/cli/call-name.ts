import { basename, relative } from 'node:path';

/** How this program was called, for people who are to call it again: `npm run cli --` in a checkout. */
export function callName(
  environment: NodeJS.ProcessEnv = process.env,
  script = process.argv[1] ?? 'dist/cli.js',
): string {
  // npm tells which of its scripts runs.
  const event = environment['npm_lifecycle_event'];
  if (event === 'cli' || event === 'demo' || event === 'start') return 'npm run cli --';
  const name = basename(script);
  return /\.[cm]?js$/.test(name) ? `node ${relative('', script)}` : name;
}
