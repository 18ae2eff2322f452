import { CommanderError, type Command } from 'commander';

import { fail, endOnLostOutput } from './failure';
import { makeProgram } from './program';
import { UsageError } from './usage-error';

/** Exit status for wrong use. */
const WRONG_USE = 2;

/**
 * Runs the command that the arguments name. Exit status: 0 if it succeeded or what it checks holds, 1 if not, 2 for
 * wrong use, 130 if it was interrupted.
 */
export async function runCli(args: readonly string[]): Promise<void> {
  endOnLostOutput();
  const program = makeProgram();
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof UsageError) refuse(program, args, error.message);
    else if (error instanceof CommanderError) ended(program, args, error);
    else fail(error);
  }
}

/** Handles the error with which commander ended, also after `--help` and `--version`. */
function ended(program: Command, args: readonly string[], error: CommanderError): void {
  if (error.exitCode === 0) return;
  if (error.code === 'commander.help') {
    process.exitCode = WRONG_USE;
    return;
  }
  // If a required option is mistyped, commander first reports it as missing.
  const unknown =
    error.code === 'commander.missingMandatoryOptionValue' && unknownIn(program, args);
  const mistyped = unknown ? ` There is no option '${unknown}'.` : '';
  refuse(program, args, `${inWords(error.message)}${mistyped}`);
}

function refuse(program: Command, args: readonly string[], mistake: string): void {
  console.error(`${mistake}\nSee: ${meant(program, args).name} --help`);
  process.exitCode = WRONG_USE;
}

/** Rewrites commander's "error: unknown option '--jsn'\n(Did you mean --json?)" as sentences. */
function inWords(message: string): string {
  const [mistake = '', advice = ''] = message.replace(/^error: /, '').split('\n');
  const sentence = mistake.charAt(0).toUpperCase() + mistake.slice(1).replace(/\.?$/, '.');
  return `${sentence} ${advice.replace(/^\(|\)$/g, '')}`.trim();
}

/** Returns the first option that the intended command does not know. */
function unknownIn(program: Command, args: readonly string[]): string | undefined {
  const { command } = meant(program, args);
  const known = [...program.options, ...command.options].map(({ long }) => long);
  return args
    .filter((word) => /^--\w/.test(word))
    .map((word) => word.replace(/=.*$/s, ''))
    .find((name) => !known.includes(name));
}

/** Finds the intended command, as far as the arguments match one, and its full name. */
function meant(program: Command, args: readonly string[]): { command: Command; name: string } {
  let command = program;
  let name = program.name();
  for (const word of args) {
    const next = command.commands.find((one) => one.name() === word);
    if (next === undefined) break;
    command = next;
    name += ` ${word}`;
  }
  return { command, name };
}
