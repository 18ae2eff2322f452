import client from '@eventstore/db-client';

const WAIT_MS = 5_000;

/**
 * Says in the environment, which the test processes inherit, whether an EventStoreDB answers at TEST_EVENT_STORE_URL:
 * if so, `FOUND_EVENT_STORE_URL` is its address.
 */
export async function findEventStore() {
  const url = process.env.TEST_EVENT_STORE_URL || 'esdb://127.0.0.1:2113?tls=false';
  const events = client.EventStoreDBClient.connectionString(url).readAll({
    direction: 'backwards',
    fromPosition: 'end',
    maxCount: 1,
  });
  const answers = await new Promise((resolve) => {
    setTimeout(() => resolve(false), WAIT_MS).unref();
    events.on('data', () => undefined);
    events.on('end', () => resolve(true)).on('error', () => resolve(false));
  });
  if (answers) process.env.FOUND_EVENT_STORE_URL = url;
  else delete process.env.FOUND_EVENT_STORE_URL;
}
