/**
 * B, the bare door: does only what any program that takes these events must do. It checks their shape, stores each
 * durably and once, and adds up one sum per user. It has no life cycle, statements, money or proofs.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import Database from 'better-sqlite3';
import Fastify from 'fastify';

const id = { type: 'string', minLength: 1, maxLength: 200 };
const EVENT = {
  type: 'object',
  required: ['specversion', 'id', 'source', 'type', 'time', 'data'],
  additionalProperties: false,
  properties: {
    specversion: { const: '1.0' },
    id,
    source: id,
    type: {
      enum: ['started', 'completed', 'failed'].map((kind) => `transcription.session.${kind}`),
    },
    time: { type: 'string', format: 'date-time' },
    data: {
      type: 'object',
      required: ['session_id', 'user_id', 'stt_provider'],
      properties: {
        session_id: id,
        user_id: id,
        stt_provider: id,
        language: { type: 'string', maxLength: 35 },
        duration_seconds: { type: 'number', minimum: 0, maximum: 86_400 },
        word_count: { type: 'integer', minimum: 0 },
        confidence_score: { type: 'number', minimum: 0, maximum: 1 },
        channels: { type: 'integer', minimum: 1, maximum: 64 },
        provider_metadata: { type: 'object' },
      },
    },
  },
};
const ajv = addFormats.default(new Ajv.default());
const isSound = ajv.compile({ type: 'array', maxItems: 10_000, items: EVENT });

const folder = mkdtempSync(join(tmpdir(), 'minutebook-bench-'));
const db = new Database(join(folder, 'events.db'));
for (const pragma of [
  'journal_mode = WAL',
  'synchronous = FULL',
  'cache_size = -262144',
  'wal_autocheckpoint = 100000',
]) {
  db.pragma(pragma);
}
db.exec(`CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE events (position INTEGER PRIMARY KEY, stream_id INTEGER NOT NULL, event_id TEXT NOT NULL,
    type TEXT NOT NULL, body TEXT NOT NULL, recorded_at INTEGER NOT NULL, UNIQUE (stream_id, event_id));
  CREATE TABLE sums (user_id TEXT PRIMARY KEY, events INTEGER NOT NULL, seconds REAL NOT NULL) WITHOUT ROWID`);
const findStream = db.prepare('SELECT id FROM streams WHERE name = ?').pluck();
const openStream = db.prepare('INSERT INTO streams (name) VALUES (?)');
const insert = db.prepare(
  'INSERT OR IGNORE INTO events (stream_id, event_id, type, body, recorded_at) VALUES (?, ?, ?, ?, ?)',
);
const add = db.prepare(
  `INSERT INTO sums VALUES (?, ?, ?)
   ON CONFLICT (user_id) DO UPDATE SET events = events + excluded.events, seconds = seconds + excluded.seconds`,
);

const record = db.transaction((events) => {
  const sums = new Map();
  const now = Date.now();
  let position = 0;
  const results = events.map(({ id, source, type, data }) => {
    const stream =
      findStream.get(data.session_id) ?? openStream.run(data.session_id).lastInsertRowid;
    const { changes, lastInsertRowid } = insert.run(stream, id, type, JSON.stringify(data), now);
    if (changes === 0) return { id, source, status: 'duplicate' };
    position = Number(lastInsertRowid);
    const sum = sums.get(data.user_id) ?? { events: 0, seconds: 0 };
    sum.events += 1;
    sum.seconds += data.duration_seconds ?? 0;
    sums.set(data.user_id, sum);
    return { id, source, status: 'recorded', position: String(position) };
  });
  for (const [user, { events: count, seconds }] of sums) add.run(user, count, seconds);
  return { position: String(position), results };
});

const app = Fastify({ bodyLimit: 32 * 2 ** 20 });
app.removeAllContentTypeParsers();
app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
app.post('/v1/events', (request, reply) => {
  const events = JSON.parse(request.body);
  if (!isSound(events)) return reply.status(400).send(isSound.errors);
  return reply.send(record.immediate(events));
});
const url = await app.listen({ host: '127.0.0.1', port: 0 });
console.log(`listens on ${url}`);
process.once('SIGTERM', async () => {
  await app.close();
  db.close();
  rmSync(folder, { recursive: true, force: true });
  process.exit();
});
