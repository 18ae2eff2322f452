import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import Database from 'better-sqlite3';

import { withVerifyParts } from '../../src/app/audit-parts';
import { openVault } from '../../src/app/open-vault';
import { openEventStore } from '../../src/app/stores';
import { readConfig } from '../../src/config/config';
import { ledgerIdIn } from '../../src/ledger/open-ledger';
import type { RestoreParts } from '../../src/proofs/accept-restore';
import { LedgerSigner } from '../../src/proofs/signed-root/ledger-signer';
import { verify, type VerifyResult } from '../../src/verify/verify';
import { completed, TestService } from './service';

const NOW = Date.parse('2026-11-20T00:00:00Z');
const now = () => NOW;

export const configOf = (folder: string) => readConfig({ DATA_DIR: folder }, NOW);

export function verified(folder: string): Promise<VerifyResult> {
  return withVerifyParts(configOf(folder), undefined, (parts) =>
    verify(parts, { scanned: () => undefined, replayed: () => undefined }),
  );
}

export async function withRestoreParts<T>(
  folder: string,
  work: (parts: RestoreParts) => Promise<T>,
): Promise<T> {
  const config = configOf(folder);
  const store = await openEventStore(config);
  const ledgerId = await ledgerIdIn(store);
  const vault = await openVault(config, ledgerId);
  try {
    const signer = await LedgerSigner.of(ledgerId, vault.signingKeys, NOW, vault.roots);
    return await work({ store, signer, heads: vault.heads, roots: vault.roots });
  } finally {
    await vault.close();
    await store.close();
  }
}

/**
 * Makes a folder with a ledger, backs it up, signs `after` more events, and restores the backup, as the how-to says.
 * @param also what else is restored.
 */
export async function restored(
  after: number,
  also?: 'checkpoints',
): Promise<{ folder: string; backup: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'minutebook-restore-'));
  const backup = join(folder, 'backup.db');
  let service = await TestService.start({ dataDir: folder, now });
  await service.batch([completed(), completed()]);
  const db = new Database(join(folder, 'events.db'), { readonly: true });
  db.exec(`VACUUM INTO '${backup}'`);
  db.close();
  if (also !== undefined) {
    // A clean stop signs a root.
    await service.close();
    cpSync(join(folder, also), join(folder, `backup-${also}`), { recursive: true });
    service = await TestService.start({ dataDir: folder, now });
  }
  await service.batch(Array.from({ length: after }, () => completed()));
  await service.close();
  putBack(folder, backup);
  if (also !== undefined) {
    rmSync(join(folder, also), { recursive: true });
    cpSync(join(folder, `backup-${also}`), join(folder, also), { recursive: true });
  }
  return { folder, backup };
}

export function putBack(folder: string, backup: string): void {
  for (const name of readdirSync(folder)) {
    if (/^(events|read-models)\.db/.test(name)) rmSync(join(folder, name));
  }
  cpSync(backup, join(folder, 'events.db'));
}
