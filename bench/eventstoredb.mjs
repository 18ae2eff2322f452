/** The measurements that need an EventStoreDB, where TEST_EVENT_STORE_URL is set and one answers there. See README.md. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { findEventStore } from '../test/setup/find-event-store.mjs';

const url = process.env.TEST_EVENT_STORE_URL;
if (url) await findEventStore();
if (!url || !process.env.FOUND_EVENT_STORE_URL) {
  const why = url ? 'nobody answers at TEST_EVENT_STORE_URL' : 'TEST_EVENT_STORE_URL is not set';
  console.log(`EventStoreDB: left out, as ${why}.`);
  process.exit();
}
for (const name of ['eventstoredb-rebuild', 'eventstoredb-ingest']) {
  const file = fileURLToPath(new URL(`./${name}.mjs`, import.meta.url));
  const { status } = spawnSync(process.execPath, [file], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
process.exit();
