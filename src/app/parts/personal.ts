import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { Config } from '../../config/config';
import { ErasureSweep } from '../../erasure/erasure-sweep';
import { Forgetting } from '../../erasure/forgetting';
import { KeptPersonalKeys } from '../../personal/kept-personal-keys';
import { destroyLeftBehind } from '../../personal/left-behind';
import { openKeyFile } from '../../security/sqlite/open-key-file';
import type { Vault } from '../vault';
import type { Parts } from './parts';
import { reportTo, warnTo, type Start } from './start';

/** Users' personal values: the keys that seal them, and the parts that must forget an erased user. */
export interface Personal {
  readonly keys: KeptPersonalKeys;
  /** Parts that may hold erased values in memory add a callback that drops those values. */
  readonly forgetting: Forgetting;
}

/**
 * Opens the keys of personal values. If there are any, carries out every erasure that the ledger knows before it
 * resolves.
 */
export async function openPersonal(
  { config, now, opened }: Start,
  { storage, cluster, projection }: Pick<Parts, 'storage' | 'cluster' | 'projection'>,
): Promise<Personal> {
  const { store, vault, ledgerId } = storage;
  const keys = new KeptPersonalKeys(vault.tables, now);
  const forgetting = new Forgetting();
  const sweep = new ErasureSweep({
    store,
    tables: vault.tables,
    keys,
    forget: () => forgetting.forget(),
    warn: warnTo('personal keys'),
    report: reportTo('personal keys'),
  });
  // A server that takes over after a failure may lack the newest keys: what is remembered may be stored nowhere.
  opened.atClose(cluster.lease.onLost(() => keys.forget()));
  await sweep.begin();
  const clear = () => clearFileLeftBehind(config, vault, ledgerId, keys);
  forgetting.add(clear);
  await clear();
  opened.keep(sweep);
  opened.atClose(projection.projector.advances.add((next) => sweep.advanced(next)));
  return { keys, forgetting };
}

/**
 * A ledger that moved to PostgreSQL left its `keys.db` in the data folder. What is erased since must go from it, too.
 * The file of another ledger is not touched: it may have users of the same names.
 */
async function clearFileLeftBehind(
  { dataDir, readModel }: Pick<Config, 'dataDir' | 'readModel'>,
  { tables }: Pick<Vault, 'tables'>,
  ledgerId: string,
  keys: KeptPersonalKeys,
): Promise<void> {
  const path = join(dataDir, 'keys.db');
  if (readModel.kind === 'sqlite' || !existsSync(path)) return;
  const left = await openKeyFile(path);
  try {
    if (left.ledgerId() === ledgerId) await destroyLeftBehind(left.tables, tables, keys);
  } finally {
    await left.close();
  }
}
