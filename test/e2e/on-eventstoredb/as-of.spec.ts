import { describeWithServer, useServer } from '../../support/event-store-server';

// eslint-disable-next-line @typescript-eslint/no-require-imports
describeWithServer('on EventStoreDB', () => {
  useServer();
  require('../as-of.spec');
});
