import type { Command } from 'commander';

import { either } from '../../lib/either';
import { ROLES } from '../../security/roles';
import { UsageError } from '../usage-error';
import { define, JSON_OPTION } from './define';

/** Adds the commands for the people who run the ledger. */
export function addKeeping(program: Command): void {
  addKeys(program);
  addBackup(program);
  addEraseUser(program);
  addSigningKeys(program);
  addAcceptRestore(program);
  addMigrateStore(program);
}

interface KeyOrderGiven {
  readonly role: string;
  readonly name: string;
  readonly source?: string;
  readonly user?: string;
  readonly expiresAt?: string;
  readonly json?: boolean;
}

function addKeys(program: Command): void {
  const group = define(program, 'keys', {
    summary: 'make, list and revoke API keys',
    description:
      'Makes, lists and revokes API keys, whether or not a service is running: a service notices within two seconds. A key is shown once, when it is made.',
    examples: ['keys add --role producer --name worker-1 --source workers/', 'keys list'],
  });
  addKeysInit(group);
  addKeysAdd(group);
  addKeysList(group);
  addKeysRevoke(group);
}

const load = async () => (await import('../keys.js')).runKeys;

function addKeysInit(group: Command): void {
  define(group, 'init', {
    summary: 'make one key for each role, if there are no keys yet',
    description:
      'Makes one key for each role in DATA_DIR/initial-keys.json, if there are no keys yet.',
    examples: ['keys init'],
  })
    .option(...JSON_OPTION)
    .action(async ({ json = false }: { json?: boolean }) => {
      await (
        await load()
      )('init', { order: {}, id: undefined, json });
    });
}

function addKeysAdd(group: Command): void {
  define(group, 'add', {
    summary: 'make a key and show it once',
    description: 'Makes a key and prints it. It is never shown again.',
    examples: [
      'keys add --role producer --name worker-1 --source workers/',
      'keys add --role reader --name app --user ann --expires-at 2027-01-01T00:00:00Z',
    ],
  })
    .requiredOption('--role <role>', either(ROLES))
    .requiredOption('--name <name>', 'what it is for')
    .option('--source <prefix>', 'for a producer: the prefix that its sources must have')
    .option('--user <user>', 'for a reader: the one user that it may see')
    .option('--expires-at <time>', 'when the key expires, such as 2027-01-01T00:00:00Z')
    .option(...JSON_OPTION)
    .action(async ({ user, expiresAt, json = false, ...rest }: KeyOrderGiven) => {
      const order = { ...rest, user_id: user, expires_at: expiresAt };
      await (
        await load()
      )('add', { order, id: undefined, json });
    });
}

function addKeysList(group: Command): void {
  define(group, 'list', {
    summary: 'show all keys, without their secrets',
    description: 'Shows all keys: role, limits, and when each was last used.',
    examples: ['keys list'],
  })
    .option(...JSON_OPTION)
    .action(async ({ json = false }: { json?: boolean }) => {
      await (
        await load()
      )('list', { order: {}, id: undefined, json });
    });
}

function addKeysRevoke(group: Command): void {
  define(group, 'revoke <id>', {
    summary: 'refuse a key everywhere within two seconds',
    description: 'Revokes a key: it is refused everywhere within two seconds.',
    examples: ['keys revoke key_6f2c0d7e'],
  })
    .option(...JSON_OPTION)
    .action(async (id: string, { json = false }: { json?: boolean }) => {
      await (
        await load()
      )('revoke', { order: {}, id, json });
    });
}

function addBackup(program: Command): void {
  define(program, 'backup', {
    summary: 'copy the ledger, its keys and its signed roots to a new folder',
    description:
      'Copies the ledger, its keys and its signed roots to a new folder, whether or not a service is running. A service can start with this folder as its DATA_DIR. What is on a server or in PostgreSQL is not copied; the command says so.',
    examples: ['backup --out /srv/backups/2026-11-30'],
  })
    .requiredOption('--out <folder>', 'the new folder')
    .option(...JSON_OPTION)
    .action(async ({ out, json = false }: { out: string; json?: boolean }) => {
      await (await import('../backup.js')).runBackup({ out, json });
    });
}

interface EraseUserGiven {
  readonly reason?: string;
  readonly url?: string;
  readonly key?: string;
  readonly json?: boolean;
}

function addEraseUser(program: Command): void {
  define(program, 'erase-user <user>', {
    summary: "make a user's personal values unreadable for good",
    description:
      "Destroys the keys of a user's personal values: file names, provider metadata, error messages, who asked for retries, and extension attributes. Amounts and proofs remain valid. Later values are sealed under a new key. With --url it works through a service, otherwise in this process, and no service may have the ledger open.",
    examples: ["erase-user user-42 --reason 'request of 14 March' --url http://127.0.0.1:3000"],
  })
    .option('--reason <text>', 'why; the ledger keeps this text forever')
    .option('--url <url>', 'the address of the service that has the ledger open')
    .option('--key <key>', 'an admin key for that service')
    .option(...JSON_OPTION)
    .action(async (userId: string, { reason = '', url, key, json = false }: EraseUserGiven) => {
      if (reason.trim() === '') {
        throw new UsageError(
          'Give --reason: why the user is erased. The ledger keeps this text forever.',
        );
      }
      const { runEraseUser } = await import('../erase-user.js');
      await runEraseUser({ userId, reason, url, key, json });
    });
}

function addSigningKeys(program: Command): void {
  const group = define(program, 'signing-keys', {
    summary: "list or change the keys that sign the ledger's roots",
    description:
      "Shows or changes the keys that sign the ledger's roots, whether or not a service is running.",
    examples: ['signing-keys list', 'signing-keys rotate'],
  });
  const run = async (action: 'list' | 'rotate', { json = false }: { json?: boolean }) =>
    (await import('../signing-keys.js')).runSigningKeys(action, { json });
  define(group, 'list', {
    summary: 'show them, newest first',
    description: "Shows the keys that sign the ledger's roots, newest first.",
    examples: ['signing-keys list'],
  })
    .option(...JSON_OPTION)
    .action((options: { json?: boolean }) => run('list', options));
  define(group, 'rotate', {
    summary: 'make a new key, which signs from now on',
    description:
      'Makes a new key, which signs from now on. The old key names it in a note that is in every bundle.',
    examples: ['signing-keys rotate'],
  })
    .option(...JSON_OPTION)
    .action((options: { json?: boolean }) => run('rotate', options));
}

interface AcceptRestoreGiven {
  readonly reason?: string;
  readonly author: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

function addAcceptRestore(program: Command): void {
  define(program, 'accept-restore', {
    summary: 'after a restore from a backup: give up the roots that the ledger does not continue',
    description:
      "Shows which signed roots the ledger does not continue since it was restored from a backup. With --yes it gives them up, in an event signed by the ledger's key, and signing goes on. Stop the service first.",
    examples: ['accept-restore', "accept-restore --reason 'disk of 14 March' --yes"],
  })
    .option('--reason <text>', 'why it was restored; the ledger keeps this text forever')
    .option('--author <name>', 'who accepts the restore', 'operator')
    .option('--yes', 'give them up (default: only show which)')
    .option(...JSON_OPTION)
    .action(async ({ reason = '', author, yes = false, json = false }: AcceptRestoreGiven) => {
      if (yes && reason.trim() === '') {
        throw new UsageError(
          'Give --reason: why the ledger was restored. The ledger keeps this text forever.',
        );
      }
      const { runAcceptRestore } = await import('../accept-restore.js');
      await runAcceptRestore({ reason, author, yes, json });
    });
}

interface MigrateGiven {
  readonly seal?: boolean;
  readonly toDataDir?: string;
  readonly from?: string;
  readonly to?: string;
  readonly fromPrefix?: string;
  readonly toPrefix?: string;
  readonly json?: boolean;
}

function addMigrateStore(program: Command): void {
  define(program, 'migrate-store', {
    summary: 'copy the ledger to another event store and compare the two',
    description:
      'Copies the ledger to another event store, a file or a server, and compares the two: events, Merkle root and all rows. If interrupted, run it again: it continues where it stopped. Leave out --from or --to to use the configured ledger. With --seal it writes a new ledger, in a new DATA_DIR, in which all personal values are sealed. Stop the service first.',
    examples: [
      "migrate-store --to 'esdb://127.0.0.1:2113?tls=false'",
      'migrate-store --seal --to-data-dir /srv/minutebook-sealed',
    ],
  })
    .option('--to <url>', 'where to: a file path, esdb://… or esdb+discover://…')
    .option('--from <url>', 'where from, in the same forms')
    .option('--to-prefix <prefix>', 'the prefix for stream names on the target server')
    .option('--from-prefix <prefix>', 'the same, for the source')
    .option('--seal', 'write a new ledger with the same facts, personal values sealed')
    .option('--to-data-dir <folder>', 'with --seal: the DATA_DIR of the new ledger, for its keys')
    .option(...JSON_OPTION)
    .action(async ({ seal = false, toDataDir, ...given }: MigrateGiven) => {
      const places = {
        from: { url: given.from, prefix: given.fromPrefix },
        to: { url: given.to, prefix: given.toPrefix },
        json: given.json ?? false,
      };
      if (seal !== (toDataDir !== undefined)) {
        throw new UsageError(
          "--seal and --to-data-dir go together: name the new ledger's DATA_DIR.",
        );
      }
      if (toDataDir === undefined) {
        const { runMigrateStore } = await import('../migrate-store.js');
        await runMigrateStore(places);
      } else {
        const { runSealLedger } = await import('../seal-ledger.js');
        await runSealLedger({ ...places, folder: toDataDir });
      }
    });
}
