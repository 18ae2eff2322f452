import type { Command } from 'commander';

import { either } from '../../lib/either';
import { ROLES } from '../../security/roles';
import { UsageError } from '../usage-error';
import { define, JSON_OPTION } from './define';

/** Commands for whoever keeps the ledger. */
export function addKeeping(program: Command): void {
  addKeys(program);
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
      'API keys, beside a service or not: a service takes notice within two seconds. A key is shown once, when it is made.',
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
    summary: 'make one key a role, if there is none yet',
    description: 'Makes one key a role in DATA_DIR/initial-keys.json, if there is none yet.',
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
    summary: 'make a key, shown this once',
    description: 'Makes a key and prints it, this once.',
    examples: [
      'keys add --role producer --name worker-1 --source workers/',
      'keys add --role reader --name app --user ann --expires-at 2027-01-01T00:00:00Z',
    ],
  })
    .requiredOption('--role <role>', either(ROLES))
    .requiredOption('--name <name>', 'what it is for')
    .option('--source <prefix>', 'of a producer: sources must begin so')
    .option('--user <user>', 'of a reader: the one user that it may see')
    .option('--expires-at <time>', 'when it ends, such as 2027-01-01T00:00:00Z')
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
    summary: 'show all of them, never the keys themselves',
    description: 'Shows all keys: role, bounds, and when each was last used.',
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
    examples: ['keys revoke 6f2c0d7e'],
  })
    .option(...JSON_OPTION)
    .action(async (id: string, { json = false }: { json?: boolean }) => {
      await (
        await load()
      )('revoke', { order: {}, id, json });
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
      "Destroys the keys of a user's personal values: file names, provider metadata, error messages, who asked for retries, and extension attributes. Amounts and proofs stand. What comes later is sealed under a new key. With --url through a service, else in this process, while no service has the ledger.",
    examples: ["erase-user user-42 --reason 'request of 14 March' --url http://127.0.0.1:3000"],
  })
    .option('--reason <text>', 'why: it stays in the ledger for ever')
    .option('--url <url>', 'of the service that has the ledger')
    .option('--key <key>', 'an admin key of that service')
    .option(...JSON_OPTION)
    .action(async (userId: string, { reason = '', url, key, json = false }: EraseUserGiven) => {
      if (reason.trim() === '') {
        throw new UsageError('Say with --reason why the user is erased: it stays in the ledger.');
      }
      const { runEraseUser } = await import('../erase-user.js');
      await runEraseUser({ userId, reason, url, key, json });
    });
}

function addSigningKeys(program: Command): void {
  const group = define(program, 'signing-keys', {
    summary: "list or change the keys that sign the ledger's roots",
    description: "The keys that sign the ledger's roots, beside a service or not.",
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
    summary: 'make a new one, which signs from now on',
    description:
      'Makes a new key, which signs from now on; the old one says so in a note that is in every bundle.',
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
    summary: 'after a restore from a backup: give up roots that it does not continue',
    description:
      "Says which signed roots the ledger does not continue since it was restored from a backup. With --yes they are given up, in an event that the ledger's key signs, and signing goes on. Stop the service first.",
    examples: ['accept-restore', "accept-restore --reason 'disk of 14 March' --yes"],
  })
    .option('--reason <text>', 'why it was restored: it stays in the ledger for ever')
    .option('--author <name>', 'who says so', 'operator')
    .option('--yes', 'give them up; left out, it only says which')
    .option(...JSON_OPTION)
    .action(async ({ reason = '', author, yes = false, json = false }: AcceptRestoreGiven) => {
      if (yes && reason.trim() === '') {
        throw new UsageError(
          'Say with --reason why the ledger was restored: it stays in the ledger.',
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
      'Copies the ledger to another event store, a file or a server, and compares the two: events, Merkle root and all rows. Run again, it goes on where it stopped. One of --from and --to may be left out: it is then that of the configuration. With --seal it writes a new ledger, in a new DATA_DIR, in which all personal values are sealed. Stop the service first.',
    examples: [
      "migrate-store --to 'esdb://127.0.0.1:2113?tls=false'",
      'migrate-store --seal --to-data-dir /srv/minutebook-sealed',
    ],
  })
    .option('--to <url>', 'where to: a file path, esdb://… or esdb+discover://…')
    .option('--from <url>', 'where from, likewise')
    .option('--to-prefix <prefix>', 'put before the names of streams on the server')
    .option('--from-prefix <prefix>', 'the same, of the source')
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
