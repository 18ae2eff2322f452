/** Durable PostgreSQL (fsync on), used by two peers: Emmett's event store, and COPY into one table. */
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';

import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import pg from 'pg';
import copyStreams from 'pg-copy-streams';

import { startPostgres } from '../../test/setup/postgres.mjs';
import { sideBySide } from '../lib/send.mjs';

const AT_ONCE = 64;

const eventsOf = (batches) => batches.reduce((sum, batch) => sum + batch.length, 0);
const rateOf = (batches, began) => eventsOf(batches) / ((performance.now() - began) / 1_000);

/** The facts of each session, as Emmett appends them: one call per stream. */
function streamsOf(batches) {
  const streams = new Map();
  for (const { id, type, data } of batches.flat()) {
    const events = streams.get(data.session_id) ?? [];
    events.push({ type, data: { id, ...data }, metadata: {} });
    streams.set(data.session_id, events);
  }
  return [...streams];
}

const cell = (text) =>
  text.replace(/[\\\t\n\r]/g, (one) => `\\${{ '\\': '\\', '\t': 't', '\n': 'n', '\r': 'r' }[one]}`);

export async function openPostgres() {
  const server = await startPostgres(['-c', 'fsync=on', '-c', 'shared_buffers=256MB']);
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  const { rows } = await client.query('SHOW fsync');
  if (rows[0].fsync !== 'on')
    throw new Error('PostgreSQL has fsync off, so it would not do the same work.');
  await client.query(`CREATE TABLE copied (position bigserial PRIMARY KEY, stream text NOT NULL, event_id text NOT NULL,
    type text NOT NULL, body jsonb NOT NULL, UNIQUE (stream, event_id))`);
  const store = getPostgreSQLEventStore(server.url);
  await store.schema.migrate();
  let round = 0;
  return {
    /** Events per second: one COPY per batch, each its own transaction. */
    async copy(batches) {
      round += 1;
      const texts = batches.map((batch) =>
        batch
          .map(({ id, type, data }) =>
            [`${round}-${data.session_id}`, id, type, JSON.stringify(data)].map(cell).join('\t'),
          )
          .join('\n'),
      );
      const began = performance.now();
      for (const text of texts) {
        const into = client.query(
          copyStreams.from('COPY copied (stream, event_id, type, body) FROM STDIN'),
        );
        await pipeline(Readable.from([text]), into);
      }
      return rateOf(batches, began);
    },
    /** Events per second: one append per session, 64 at once, as Emmett's documentation shows. */
    async emmett(batches) {
      round += 1;
      const streams = streamsOf(batches);
      const began = performance.now();
      await sideBySide(streams, AT_ONCE, ([stream, events]) =>
        store.appendToStream(`${round}-${stream}`, events),
      );
      return rateOf(batches, began);
    },
    async stop() {
      await store.close();
      await client.end();
      await server.stop();
    },
  };
}
