import { Logger } from '@nestjs/common';

import { openLog } from '../logging/open-log';

/** Where the service says that it listens, and why it ends. */
export interface ServiceOutput {
  readonly say: (line: string) => void;
  readonly sayLedger: (line: string) => void;
  readonly sayWarning: (line: string) => void;
  readonly sayFailure: (line: string) => void;
}

const AT_TERMINAL: ServiceOutput = {
  say: (line) => console.log(line),
  sayLedger: (line) => console.error(line),
  sayWarning: (line) => console.error(line),
  sayFailure: (line) => console.error(line),
};

/**
 * Writes what the service says before its configuration is read, and besides its log: plain text or, if the log is for
 * programs, log lines. In that case, what Node.js itself would print also becomes log lines: warnings and uncaught
 * errors.
 */
export function outputOf(environment: NodeJS.ProcessEnv): ServiceOutput {
  if (environment['LOG_FORMAT']?.trim() !== 'json') return AT_TERMINAL;
  Logger.overrideLogger(openLog({ format: 'json', level: 'info' }));
  const logger = new Logger('serve');
  process.removeAllListeners('warning');
  process.on('warning', (warning) => logger.warn(`${warning.name}: ${warning.message}`));
  process.on('uncaughtException', (error) => {
    logger.fatal(error.stack ?? error.message);
    process.exit(1);
  });
  return {
    say: (line) => logger.log(line),
    sayLedger: (line) => logger.log(line),
    sayWarning: (line) => logger.warn(line),
    sayFailure: (line) => logger.fatal(line),
  };
}
