import { Command } from 'commander';

import { callName } from './call-name';
import { addAuditing } from './commands/auditing';
import { addHandingOut } from './commands/handing-out';
import { addKeeping } from './commands/keeping';
import { addRecording } from './commands/recording';
import { addServing } from './commands/serving';
import { versionOf } from './version';

/**
 * The command line (docs/reference/command-line.md): what commands there are and what they take. What a command does is
 * loaded when it is called. Mistakes are thrown as CommanderError, and printed by whoever runs it.
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
    // What is wrong is said once, in our words.
    .configureOutput({ outputError: () => undefined })
    .showSuggestionAfterError(true)
    .addHelpText('after', `\n'${callName()} help <command>' shows an example of each.`);
  addServing(program);
  addRecording(program);
  addHandingOut(program);
  addAuditing(program);
  addKeeping(program);
  return program;
}
