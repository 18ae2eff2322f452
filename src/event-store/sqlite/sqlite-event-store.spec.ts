import { spawn } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import Database from 'better-sqlite3';

import { NO_STREAM, START } from '../port';
import { eventually } from '../../../test/support/eventually';
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

  it('keeps its events when it is opened again', async () => {
    const path = newPath();
    const store = SqliteEventStore.open(path);
    await store.append([one('s', 1)]);
    await store.close();
    const again = SqliteEventStore.open(path);
    expect(await again.readAll(START, 10)).toHaveLength(1);
    expect(await again.head()).toBe(1);
    await again.close();
  });

  it('names its holder to a second process that opens it', async () => {
    const path = newPath();
    const store = SqliteEventStore.open(path);
    expect(() => SqliteEventStore.open(path)).toThrow(
      new RegExp(`in use by process ${process.pid} on `),
    );
    await store.close();
  });

  it('is one ledger, whatever symbolic link it is opened through', async () => {
    const [path, link, early] = [newPath(), newPath(), newPath()];
    symlinkSync(path, early);
    const store = SqliteEventStore.open(early);
    symlinkSync(path, link);
    for (const name of [path, link]) {
      expect(() => SqliteEventStore.open(name)).toThrow(
        new RegExp(`in use by process ${process.pid} on `),
      );
    }
    await store.close();
    await SqliteEventStore.open(link).close();
  });

  it('refuses a file with a second name, which would have another log', async () => {
    const [path, link] = [newPath(), newPath()];
    await SqliteEventStore.open(path).close();
    linkSync(path, link);
    expect(() => SqliteEventStore.open(path)).toThrow(/has a second name \(a hard link\)/);
    rmSync(link);
    await SqliteEventStore.open(path).close();
  });

  it('continues after events that another writer slipped in', async () => {
    const path = newPath();
    const store = SqliteEventStore.open(path);
    await store.append([one('a', 1)]);
    // The lock no longer keeps anybody out: somebody took its file for a leftover.
    rmSync(`${path}-lock`);
    const other = SqliteEventStore.open(path);
    await other.append([one('b', 2), one('c', 3)]);
    const seen: number[] = [];
    const subscription = store.subscribe({
      after: START,
      pageSize: 10,
      onPage: (events) => Promise.resolve(void seen.push(...events.map((event) => event.position))),
    });
    expect(await store.append([one('d', 4)])).toEqual([{ status: 'appended', positions: [4] }]);
    expect(await other.append([one('d', 5)])).toEqual([{ status: 'conflict', actualRevision: 0 }]);
    expect(await other.append([one('e', 6)])).toEqual([{ status: 'appended', positions: [5] }]);
    expect(await store.head()).toBe(5);
    await eventually(() => seen.length === 5);
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    await subscription.close();
    await store.close();
    await other.close();
  });

  it.each([
    ['removed', (path: string) => rmSync(path)],
    [
      'replaced',
      (path: string) => {
        writeFileSync(`${path}.old`, '');
        renameSync(`${path}.old`, path);
      },
    ],
  ])('accepts nothing more once its file was %s', async (_, change) => {
    const path = newPath();
    const store = SqliteEventStore.open(path);
    await store.append([one('a', 1)]);
    change(path);
    await expect(store.append([one('b', 2)])).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/removed or replaced/) as string,
    });
    await expect(store.head()).rejects.toThrow(/removed or replaced/);
    await store.close();
  });

  it.each([
    ['is not a database', 'not a database at all, but long enough to look like one'.repeat(50)],
    ['was overwritten from its middle on', undefined],
  ])('names a file that %s, and the remedy', async (_, content) => {
    const path = newPath();
    const store = SqliteEventStore.open(path);
    await store.append(Array.from({ length: 500 }, (_, index) => one(`s-${index}`, index)));
    await store.close();
    if (content !== undefined) writeFileSync(path, content);
    else {
      const bytes = readFileSync(path);
      writeFileSync(path, bytes.fill(7, 4_096));
    }
    expect(() => SqliteEventStore.open(path)).toThrow(
      new RegExp(`${path} is damaged or not a ledger .*restore the newest backup`),
    );
  });

  it('is free again after its holder could not be named', async () => {
    const path = newPath();
    mkdirSync(`${path}-owner`);
    expect(() => SqliteEventStore.open(path)).toThrow(/could not be taken \(Error: EISDIR/);
    rmSync(`${path}-owner`, { recursive: true });
    await SqliteEventStore.open(path).close();
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

  it('rolls back when the disk is full, reports it, and continues once there is room', async () => {
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
    let opened: Database.Database | undefined;
    const configure = (it: Database.Database) => (opened = it);
    expect(() => SqliteEventStore.open(path, { configure })).toThrow(/version 99/);
    expect(opened!.open).toBe(false);
    expect(() => SqliteEventStore.openReader(path)).toThrow(/version 99/);
  });
});
