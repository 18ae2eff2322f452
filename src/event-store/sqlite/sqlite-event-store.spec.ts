import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import Database from 'better-sqlite3';

import { NO_STREAM, START } from '../port';
import { SqliteEventStore } from './sqlite-event-store';

const newPath = () => join(mkdtempSync(join(tmpdir(), 'minutebook-')), 'events.db');

const event = (number: number, body = '{}') => ({
  id: `00000000-0000-8000-8000-${String(number).padStart(12, '0')}`,
  type: 'test.happened',
  body,
  recordedAt: 1,
});

const one = (stream: string, number: number, body?: string) => ({
  stream,
  expectedRevision: NO_STREAM,
  events: [event(number, body)],
});

describe('the SQLite event store', () => {
  it('runs in WAL mode with synchronous FULL', async () => {
    let db: Database.Database | undefined;
    const store = SqliteEventStore.open(newPath(), { configure: (opened) => (db = opened) });
    expect(db!.pragma('synchronous', { simple: true })).toBe(2);
    expect(db!.pragma('journal_mode', { simple: true })).toBe('wal');
    await store.close();
  });

  it('keeps what it took when it is opened again', async () => {
    const path = newPath();
    const store = SqliteEventStore.open(path);
    await store.append([one('s', 1)]);
    await store.close();
    const again = SqliteEventStore.open(path);
    expect(await again.readAll(START, 10)).toHaveLength(1);
    expect(await again.head()).toBe(1);
    await again.close();
  });

  it('says who holds it to a second one that opens it', async () => {
    const path = newPath();
    const store = SqliteEventStore.open(path);
    expect(() => SqliteEventStore.open(path)).toThrow(
      new RegExp(`in use by process ${process.pid} on `),
    );
    await store.close();
  });

  it('is free again after its holder was killed', async () => {
    const path = newPath();
    const script = `const D = require('better-sqlite3'); const db = new D(${JSON.stringify(`${path}-lock`)});
      db.exec('BEGIN EXCLUSIVE'); console.log('held'); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['-e', script], { cwd: process.cwd() });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const gone = new Promise((resolve) => child.once('exit', resolve));
    try {
      expect(() => SqliteEventStore.open(path)).toThrow(/in use by another process/);
    } finally {
      child.kill('SIGKILL');
      await gone;
    }
    await SqliteEventStore.open(path).close();
  });

  it('rolls back when the disk is full, says so, and goes on once there is room', async () => {
    let db: Database.Database | undefined;
    const store = SqliteEventStore.open(newPath(), { configure: (opened) => (db = opened) });
    await store.append([one('a', 1)]);
    const pages = db!.pragma('page_count', { simple: true }) as number;
    db!.pragma(`max_page_count = ${pages}`);
    const large = JSON.stringify({ text: 'x'.repeat(100_000) });
    await expect(store.append([one('b', 2), one('c', 3, large)])).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(await store.readAll(START, 10)).toHaveLength(1);
    db!.pragma('max_page_count = 1000000');
    expect(await store.append([one('c', 3, large)])).toEqual([
      { status: 'appended', positions: [2] },
    ]);
    await store.close();
  });

  it('lets nobody change or remove an event through SQL', async () => {
    let db: Database.Database | undefined;
    const store = SqliteEventStore.open(newPath(), { configure: (opened) => (db = opened) });
    await store.append([one('a', 1)]);
    expect(() => db!.exec(`UPDATE events SET body = '[]'`)).toThrow(/immutable/);
    expect(() => db!.exec('DELETE FROM events')).toThrow(/immutable/);
    await store.close();
  });

  it('refuses a file that a newer program wrote', () => {
    const path = newPath();
    const db = new Database(path);
    db.pragma('user_version = 99');
    db.close();
    expect(() => SqliteEventStore.open(path)).toThrow(/version 99/);
  });
});
