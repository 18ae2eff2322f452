import type { Command } from 'commander';

import { callName } from '../call-name';

/** What a command's `--help` shows. */
export interface About {
  /** One line for the list of all commands. */
  readonly summary: string;
  readonly description: string;
  /** Calls of the command without the program's name, one a line; `#` begins a comment. */
  readonly examples: readonly string[];
}

/**
 * Adds a command. It refuses options and arguments that it does not declare.
 * @param name with its arguments, such as `import [file]`.
 */
export function define(program: Command, name: string, about: About): Command {
  const lines = about.examples.map((line) => `  ${exampleOf(line)}`);
  return program
    .command(name)
    .summary(about.summary)
    .description(about.description)
    .allowExcessArguments(false)
    .addHelpText('after', `\nExample${lines.length > 1 ? 's' : ''}:\n${lines.join('\n')}`);
}

/** Returns an example as a person types it. Environment variables for one call go before the program's name. */
function exampleOf(line: string): string {
  const [, settings = '', rest = line] = /^((?:[A-Z_]+=\S+ )+)(.*)$/.exec(line) ?? [];
  return `${settings}${callName()} ${rest}`;
}

/** Collects the values of an option that may be given several times. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

export const JSON_OPTION = ['--json', 'print the result as JSON'] as const;

/** The `--key` option, for commands that talk to a service. */
export const KEY_OPTION = [
  '--key <key>',
  'the API key for the service (default: MINUTEBOOK_KEY, else the first keys in DATA_DIR)',
] as const;

/** The options of a command that may go through a service. */
export interface ThroughGiven {
  readonly url?: string;
  readonly key?: string;
  readonly json?: boolean;
}
