import { describeWithServer, useServer } from '../../support/event-store-server';

describeWithServer('on EventStoreDB', () => {
  useServer();
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  require('../erasure.spec');
});
