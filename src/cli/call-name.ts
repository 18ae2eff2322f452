import { basename, relative } from 'node:path';

/** Returns the words with which this program was called, to quote in messages: `npm run cli --` in a checkout. */
export function callName(
  environment: NodeJS.ProcessEnv = process.env,
  script = process.argv[1] ?? 'dist/cli.js',
): string {
  // npm sets this to the name of the script that is running.
  const event = environment['npm_lifecycle_event'];
  if (event === 'cli' || event === 'demo' || event === 'start') return 'npm run cli --';
  const name = basename(script);
  return /\.[cm]?js$/.test(name) ? `node ${relative('', script)}` : name;
}
