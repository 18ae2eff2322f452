import type { Command } from 'commander';

import { callName } from '../call-name';

/** How a command shows itself in its `--help`. */
export interface About {
  /** For the list of all commands. */
  readonly summary: string;
  readonly description: string;
  /** What follows the program's name, each a line; `#` begins a remark. */
  readonly examples: readonly string[];
}

/**
 * Adds a command. Options and arguments that it does not name are refused.
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

/** What is set for one call stands before the program's name. */
function exampleOf(line: string): string {
  const [, settings = '', rest = line] = /^((?:[A-Z_]+=\S+ )+)(.*)$/.exec(line) ?? [];
  return `${settings}${callName()} ${rest}`;
}

/** For an option that may be given several times. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

export const JSON_OPTION = ['--json', 'print the result as JSON, for machines'] as const;

/** The option of commands that speak to a service. */
export const KEY_OPTION = [
  '--key <key>',
  'the API key for the service; left out: MINUTEBOOK_KEY, else the first keys in DATA_DIR',
] as const;

/** What is given to a command that may go through a service. */
export interface ThroughGiven {
  readonly url?: string;
  readonly key?: string;
  readonly json?: boolean;
}
