import { readConfig, type Config } from '../config/config';
import { describeEventStore } from '../config/event-store';
import { describeReadModel } from '../config/read-model';
import { nodeWarning } from './node-version';

/** The configuration; says which ledger it names, on standard error unless told where. @throws ConfigError */
export function readConfigured(
  environment: NodeJS.ProcessEnv = process.env,
  say = (line: string) => console.error(line),
): Config {
  const config = readConfig(environment, Date.now());
  say(ledgerOf(config));
  const warning = nodeWarning(process.version);
  if (warning !== undefined) say(warning);
  return config;
}

function ledgerOf({ eventStore, readModel }: Pick<Config, 'eventStore' | 'readModel'>): string {
  const rows = readModel.kind === 'sqlite' ? '' : `; read models: ${describeReadModel(readModel)}`;
  return `Ledger: ${describeEventStore(eventStore)}${rows}`;
}
