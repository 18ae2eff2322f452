import { readConfig, type Config } from '../config/config';
import { describeEventStore } from '../config/event-store';
import { describeReadModel } from '../config/read-model';

/** The configuration; says on standard error which ledger it names. @throws ConfigError */
export function readConfigured(environment: NodeJS.ProcessEnv = process.env): Config {
  const config = readConfig(environment, Date.now());
  sayLedger(config);
  return config;
}

function sayLedger({ eventStore, readModel }: Pick<Config, 'eventStore' | 'readModel'>): void {
  const rows = readModel.kind === 'sqlite' ? '' : `; read models: ${describeReadModel(readModel)}`;
  console.error(`Ledger: ${describeEventStore(eventStore)}${rows}`);
}
