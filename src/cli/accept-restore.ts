import { openEventStore } from '../app/stores';
import { openVault } from '../app/open-vault';
import { ledgerIdIn } from '../ledger/open-ledger';
import { acceptRestore, planRestore, type RestorePlan } from '../proofs/accept-restore';
import { LedgerSigner } from '../proofs/signed-root/ledger-signer';
import { readConfigured } from './configured';
import { erasuresIn, erasuresLackedBy, usersOf } from '../erasure/forgotten';
import { counted, oneOrMany } from '../lib/counted';

/** How many given-up roots the command lists one by one. */
const SHOWN = 20;

export interface AcceptRestoreOptions {
  /** Why the ledger was restored. The ledger keeps this text forever. */
  readonly reason: string;
  readonly author: string;
  /** If false, the command only says what it would give up. */
  readonly yes: boolean;
  readonly json: boolean;
}

/**
 * `accept-restore`: after the ledger was restored from a backup, gives up the signed roots that the ledger no longer
 * continues, so that signing can go on. Exit status 0 if it gave them up or there was nothing to give up.
 */
export async function runAcceptRestore(options: AcceptRestoreOptions): Promise<void> {
  const config = readConfigured();
  // The file's lock keeps everyone else from writing meanwhile.
  const store = await openEventStore(config);
  try {
    const ledgerId = await ledgerIdIn(store);
    const vault = await openVault(config, ledgerId);
    try {
      const now = Date.now();
      const signer = await LedgerSigner.of(ledgerId, vault.signingKeys, now, vault.roots);
      const parts = { store, signer, heads: vault.heads, roots: vault.roots };
      const plan = await planRestore(parts);
      const lacked = await erasuresLackedBy(store, await erasuresIn(vault.tables));
      const eraseAgain = usersOf(lacked);
      const { reason, author, yes, json } = options;
      if (yes && plan.givenUp.length > 0) {
        await acceptRestore(parts, plan, { reason, author, now });
      }
      const { givenUp: given_up, ...rest } = plan;
      const done = yes || given_up.length === 0;
      if (json) {
        console.log(JSON.stringify({ ...rest, given_up, erase_again: eraseAgain, done }));
      } else {
        print(plan, yes);
        printForgotten(eraseAgain);
      }
      if (!yes && plan.givenUp.length > 0) process.exitCode = 1;
    } finally {
      await vault.close();
    }
  } finally {
    await store.close();
  }
}

function printForgotten(users: readonly string[]): void {
  if (users.length === 0) return;
  console.log(
    'These users were erased in events that the ledger does not have any more. Erase them again once the service runs, and do not bring back their keys:',
  );
  for (const user of users) console.log(`  ${user}`);
}

function print({ size, root, holding, givenUp }: RestorePlan, done: boolean): void {
  console.log(`The ledger has ${counted(size, 'event')}; their Merkle root is ${root}.`);
  if (givenUp.length === 0) {
    console.log(
      'The ledger continues everything that was ever signed. There is nothing to give up.',
    );
    return;
  }
  console.log(
    `${counted(holding, 'signed root')} still ${oneOrMany(holding, 'fits', 'fit')} the ledger. These ${givenUp.length} do not:`,
  );
  for (const one of givenUp.slice(0, SHOWN))
    console.log(`  ${counted(one.size, 'event')}  ${one.root}`);
  if (givenUp.length > SHOWN) console.log(`  (and ${givenUp.length - SHOWN} more)`);
  console.log(
    done
      ? 'They are given up. The ledger says so in an event signed by its key, and keeps the roots in checkpoints/given-up as evidence. Tell your auditors: whoever has a bundle or a root of these sizes will see that the ledger does not continue it. Start the service, and back up now.'
      : 'The events that they were signed for are not in this ledger. If you restored it from a backup and accept the loss, run this again with --yes. If you did not restore it, somebody changed it: run `verify`.',
  );
}
