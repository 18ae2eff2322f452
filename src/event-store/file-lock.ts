import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';

import Database from 'better-sqlite3';

import { StoreError } from './errors';
import { sqliteCode } from './sqlite-code';

/** A held lock: one writing process a file. */
export interface FileLock {
  release(): void;
}

/**
 * Takes the lock of a file: an exclusive transaction on a small database beside it, which the operating
 * system lets go when the process ends, however it ends. A text file says who holds it, for the message alone.
 * @param refusal what is said where another process has it, which is named as `owner`.
 * @throws StoreError `locked`.
 */
export function takeLock(path: string, refusal: (owner: string) => string): FileLock {
  const ownerPath = `${path}-owner`;
  const db = new Database(`${path}-lock`, { timeout: 0 });
  try {
    db.pragma('journal_mode = DELETE');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (!isBusy(error)) throw error;
    throw new StoreError('locked', refusal(describeOwner(ownerPath)));
  }
  const owner = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  writeFileSync(ownerPath, `${JSON.stringify(owner)}\n`, { mode: 0o600 });
  return {
    release() {
      rmSync(ownerPath, { force: true });
      db.close();
    },
  };
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
