import { readConfig, type Config } from '../config/config';
import { describeEventStore } from '../config/event-store';
import { misspeltVariables } from '../config/misspelt';
import { describeReadModel } from '../config/read-model';
import { nodeWarning } from './node-version';

const toStandardError = (line: string) => console.error(line);

/**
 * Reads the configuration. Says which ledger it names. Warns of what looks wrong but stops nothing: a variable that
 * looks misspelt, or an untried version of Node.js. Writes to standard error unless `say` and `warn` are given.
 * @throws ConfigError
 */
export function readConfigured(
  environment: NodeJS.ProcessEnv = process.env,
  say = toStandardError,
  warn = say,
): Config {
  // Warn first: a misspelt name may be the reason why the configuration is refused next.
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
