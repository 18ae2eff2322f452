import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';

import type Database from 'better-sqlite3';

import { StoreError } from './errors';
import { namesOf, realPathOf } from './file-identity';
import { sqliteCode } from './sqlite-code';
import { SqliteDatabase } from '../lib/sqlite';

/** A held lock. It lets one process write to a file. */
export interface FileLock {
  /** The file's name without symbolic links. Opening it by this name opens the file that is locked. */
  readonly path: string;
  release(): void;
}

/**
 * Takes the lock of a file, under whichever of its names it is given. The lock is an exclusive transaction on a small
 * database beside the file; the operating system releases it when the process ends, however it ends. A text file names
 * the holder, only for the message.
 * @param refusal returns the message if another process, `owner`, holds the lock.
 * @throws StoreError `locked`; `refused` if the file has a second name that is not a symbolic link.
 */
export function takeLock(given: string, refusal: (owner: string) => string): FileLock {
  const path = realPathOf(given);
  const ownerPath = `${path}-owner`;
  const db = open(path);
  try {
    db.pragma('journal_mode = DELETE');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (!isBusy(error)) throw lockless(path, error);
    throw new StoreError('locked', refusal(describeOwner(ownerPath)));
  }
  if (namesOf(path) > 1) {
    db.close();
    throw new StoreError(
      'refused',
      `${path} has a second name (a hard link). SQLite keeps the newest rows in a log named after the file, so the two names would show different data. Remove the other name, or make this one a file of its own: mv ${path} ${path}.linked && cp ${path}.linked ${path}.`,
    );
  }
  const owner = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  try {
    writeFileSync(ownerPath, `${JSON.stringify(owner)}\n`, { mode: 0o600 });
  } catch (error) {
    db.close();
    throw lockless(path, error);
  }
  return {
    path,
    release() {
      rmSync(ownerPath, { force: true });
      db.close();
    },
  };
}

function open(path: string): Database.Database {
  try {
    return new SqliteDatabase(`${path}-lock`, { timeout: 0 });
  } catch (error) {
    throw lockless(path, error);
  }
}

function lockless(path: string, cause: unknown): StoreError {
  if (isMissingBinary(cause)) {
    const advice = 'Run npm rebuild better-sqlite3 in the folder of the program.';
    return new StoreError(
      'refused',
      `better-sqlite3 has no binary for this Node and platform: its install script did not run, or failed. ${advice}`,
      { cause },
    );
  }
  return new StoreError(
    'refused',
    `The lock of ${path} could not be taken (${sqliteCode(cause) ?? String(cause)}): the folder must exist, be writable, have room and be on a local disk, and ${path}-lock and ${path}-owner must not belong to anybody else.`,
    { cause },
  );
}

/**
 * Returns whether the binary of better-sqlite3 is missing. It is loaded with the first database, which is often the
 * lock.
 */
function isMissingBinary(error: unknown): boolean {
  return String(error).includes('Could not locate the bindings file');
}

function isBusy(error: unknown): boolean {
  return sqliteCode(error)?.startsWith('SQLITE_BUSY') === true;
}

function describeOwner(path: string): string {
  try {
    const owner = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    return `process ${String(owner['pid'])} on ${String(owner['host'])} since ${String(owner['since'])}`;
  } catch {
    return 'another process (it has not said which)';
  }
}
