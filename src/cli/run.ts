import { CommanderError, type Command } from 'commander';

import { fail, quietOnBrokenPipe } from './failure';
import { makeProgram } from './program';
import { UsageError } from './usage-error';

/** Exit status of wrong use. */
const WRONG_USE = 2;

/** Runs what the arguments ask for. Exit status 0 only if what was asked holds; 1 if not; 2 for wrong use. */
export async function runCli(args: readonly string[]): Promise<void> {
  quietOnBrokenPipe();
  const program = makeProgram();
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof UsageError) refuse(program, args, error.message);
    else if (error instanceof CommanderError) ended(program, args, error);
    else fail(error);
  }
}

/** Commander ends with an error after help and version, too. */
function ended(program: Command, args: readonly string[], error: CommanderError): void {
  if (error.exitCode === 0) return;
  if (error.code === 'commander.help') {
    process.exitCode = WRONG_USE;
    return;
  }
  refuse(program, args, inWords(error.message));
}

function refuse(program: Command, args: readonly string[], mistake: string): void {
  console.error(`${mistake}\nSee: ${nameOf(program, args)} --help`);
  process.exitCode = WRONG_USE;
}

/** "error: unknown option '--jsn'\n(Did you mean --json?)" as sentences. */
function inWords(message: string): string {
  const [mistake = '', advice = ''] = message.replace(/^error: /, '').split('\n');
  const sentence = mistake.charAt(0).toUpperCase() + mistake.slice(1).replace(/\.?$/, '.');
  return `${sentence} ${advice.replace(/^\(|\)$/g, '')}`.trim();
}

/** The program, and the command that was meant, as far as it is one. */
function nameOf(program: Command, args: readonly string[]): string {
  let command = program;
  let name = program.name();
  for (const word of args) {
    const next = command.commands.find((one) => one.name() === word);
    if (next === undefined) break;
    command = next;
    name += ` ${word}`;
  }
  return name;
}
