import { readConfig, type Config } from '../config/config';
import { describeEventStore } from '../config/event-store';
import { misspeltVariables } from '../config/misspelt';
import { describeReadModel } from '../config/read-model';
import { nodeWarning } from './node-version';

const toStandardError = (line: string) => console.error(line);

/**
 * The configuration. Says which ledger it names, and what is wrong with the environment though it can be read: a variable
 * that looks misspelt, a version of Node.js. On standard error, unless told where.
 * @throws ConfigError
 */
export function readConfigured(
  environment: NodeJS.ProcessEnv = process.env,
  say = toStandardError,
  warn = say,
): Config {
  // Before mistakes end it: the name that is wrong may be the reason for one.
  misspeltVariables(environment).forEach(warn);
  const config = readConfig(environment, Date.now());
  say(ledgerOf(config));
  const warning = nodeWarning(process.version);
  if (warning !== undefined) warn(warning);
  return config;
}

function ledgerOf({ eventStore, readModel }: Pick<Config, 'eventStore' | 'readModel'>): string {
  const rows = readModel.kind === 'sqlite' ? '' : `; read models: ${describeReadModel(readModel)}`;
  return `Ledger: ${describeEventStore(eventStore)}${rows}`;
}
