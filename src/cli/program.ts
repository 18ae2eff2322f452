import { Command } from 'commander';

import { callName } from './call-name';
import { addAuditing } from './commands/auditing';
import { addHandingOut } from './commands/handing-out';
import { addKeeping } from './commands/keeping';
import { addRecording } from './commands/recording';
import { addServing } from './commands/serving';
import { versionOf } from './version';

/**
 * Declares the command line (docs/reference/command-line.md): the commands and their options. The code of a command is
 * loaded when it is called. Mistakes are thrown as CommanderError, and `runCli` prints them.
 */
export function makeProgram(): Command {
  const program = new Command()
    .name(callName())
    .usage('<command> [options]')
    .description('Minutebook, an event-sourced billing ledger for speech-to-text.')
    .version(versionOf(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this text')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    // `runCli` prints the mistake once, in our words.
    .configureOutput({ outputError: () => undefined })
    .showSuggestionAfterError(true)
    .addHelpText('after', `\n'${callName()} help <command>' shows examples for each.`);
  addServing(program);
  addRecording(program);
  addHandingOut(program);
  addAuditing(program);
  addKeeping(program);
  return program;
}
