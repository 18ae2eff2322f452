/** Large ledgers, made once and kept in the folder for temporary files. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { root } from './service.mjs';

const file = (name) => fileURLToPath(new URL(name, import.meta.url));

export function runNode(words, environment = {}) {
  const child = spawnSync(process.execPath, words, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...environment },
  });
  if (child.status !== 0) throw new Error(`${words.join(' ')} ended with ${child.status}.`);
}

/** @returns a folder whose events.db has this many events, without a read model. */
export function ledgerOf(events) {
  const folder = join(tmpdir(), `minutebook-bench-${events}`);
  if (!existsSync(join(folder, 'events.db'))) {
    runNode([file('../make-ledger.mjs'), '--events', String(events), '--out', folder]);
  }
  return folder;
}

/** @returns a folder whose events.db has this many events, with read models. */
export function projectedLedgerOf(events) {
  const folder = ledgerOf(events);
  if (!existsSync(join(folder, 'read-models.db'))) {
    rebuildIn(folder);
  }
  return folder;
}

/** Fills the read models of a ledger from its first event on. */
export function rebuildIn(folder) {
  runNode([join(root, 'dist/cli.js'), 'rebuild', '--json'], { DATA_DIR: folder });
}

/**
 * @param names the files to copy; all if left out.
 * @returns a copy that a measurement may write to, and a function that removes it.
 */
export function copyOf(folder, names = readdirSync(folder)) {
  const copy = mkdtempSync(join(tmpdir(), 'minutebook-bench-'));
  for (const name of names) cpSync(join(folder, name), join(copy, name), { recursive: true });
  return { folder: copy, remove: () => rmSync(copy, { recursive: true, force: true }) };
}
