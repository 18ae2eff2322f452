import { ErasureSweep } from '../../erasure/erasure-sweep';
import { Forgetting } from '../../erasure/forgetting';
import { KeptPersonalKeys } from '../../personal/kept-personal-keys';
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
  { now, opened }: Start,
  { storage, projection }: Pick<Parts, 'storage' | 'projection'>,
): Promise<Personal> {
  const { store, vault } = storage;
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
  await sweep.begin();
  opened.keep(sweep);
  opened.atClose(projection.projector.advances.add((next) => sweep.advanced(next)));
  return { keys, forgetting };
}
