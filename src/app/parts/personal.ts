import { ErasureSweep } from '../../erasure/erasure-sweep';
import { Forgetting } from '../../erasure/forgetting';
import { KeptPersonalKeys } from '../../personal/kept-personal-keys';
import type { Parts } from './parts';
import { reportTo, warnTo, type Start } from './start';

/** Users' personal values: the keys that seal them, and what happens when somebody is erased. */
export interface Personal {
  readonly keys: KeptPersonalKeys;
  /** Whatever may hold what is erased adds itself. */
  readonly forgetting: Forgetting;
}

/** Before it resolves, every erasure that the ledger knows is carried out. */
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
