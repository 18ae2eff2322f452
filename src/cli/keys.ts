import type { Config } from '../config/config';
import type { ApiKeys } from '../security/keys/api-keys';
import { makeFirstKeys } from '../security/keys/first-keys';
import { KeyAdministration, type ShownKey } from '../security/keys/key-administration';
import { readKeyOrder } from '../security/keys/key-order';
import { keyView, type KeyView } from '../security/keys/new-key';
import { Problem } from '../http/problem';
import { openApiKeys } from '../app/open-vault';
import { readConfigured } from './configured';
import { checkOptions } from './options';
import { UsageError } from './usage-error';

/** The arguments and options of `keys`. */
export interface KeysOptions {
  /** For `add`: the body, as over HTTP. */
  readonly order: Readonly<Record<string, string | undefined>>;
  /** For `revoke`: the key's id. */
  readonly id: string | undefined;
  readonly json: boolean;
}

/** Makes, lists and revokes API keys, whether or not a service is running; a service notices within two seconds. */
export async function runKeys(action: string | undefined, options: KeysOptions): Promise<void> {
  const work = ACTIONS[action ?? ''];
  if (work === undefined) {
    throw new UsageError('Say what to do: keys init, keys add, keys list, or keys revoke ID.');
  }
  if ((action === 'revoke') !== (options.id !== undefined)) {
    throw new UsageError(
      action === 'revoke'
        ? 'Name the key to revoke by its id.'
        : `"${options.id}" was not expected.`,
    );
  }
  if (action === 'add') {
    checkOptions(options.order, (given) => readKeyOrder(given, Date.now()));
  }
  const config = readConfigured();
  const vault = await openApiKeys(config);
  try {
    await work({ config, keys: vault.apiKeys, options });
  } catch (error) {
    throw error instanceof Problem ? new Error(error.detail) : error;
  } finally {
    await vault.close();
  }
}

interface Work {
  readonly config: Config;
  readonly keys: ApiKeys;
  readonly options: KeysOptions;
}

const ACTIONS: Readonly<Record<string, (work: Work) => Promise<void>>> = {
  init,
  add,
  list,
  revoke,
};

const over = (keys: ApiKeys) => new KeyAdministration(keys, () => Date.now());

async function init({ config, keys, options: { json } }: Work): Promise<void> {
  const path = await makeFirstKeys(keys, config.dataDir, Date.now());
  if (json) console.log(JSON.stringify({ made: path ?? null }));
  else if (path === undefined) console.log('There are keys already. None were made.');
  else console.log(`One key for each role is in ${path}, which only you can read.`);
}

async function add({ keys, options: { order, json } }: Work): Promise<void> {
  const given = Object.entries(order).filter(([, one]) => one !== undefined);
  const made = await over(keys).add(Object.fromEntries(given) as Record<string, string>);
  if (json) console.log(JSON.stringify(made));
  else printNew(made);
}

function printNew({ key, ...made }: ShownKey): void {
  console.log(key);
  console.error(`${describe(made)}\nThe key is shown only once: store it with your secrets.`);
}

async function list({ keys, options: { json } }: Work): Promise<void> {
  const views = (await over(keys).list()).map(keyView);
  if (json) console.log(JSON.stringify({ keys: views }));
  else if (views.length === 0) console.log('There are no keys.');
  else for (const view of views) console.log(describe(view));
}

async function revoke({ keys, options: { id, json } }: Work): Promise<void> {
  await over(keys).revoke(id!);
  if (json) console.log(JSON.stringify({ id, revoked: true }));
  else console.log(`${id} is refused everywhere within two seconds.`);
}

/** Describes a key on one line. */
function describe(view: KeyView): string {
  const bound = view.source ?? view.user_id;
  return [
    view.id,
    view.role.padEnd(8),
    `${JSON.stringify(view.name)}${bound === null ? '' : ` for ${bound}`},`,
    `made ${view.created_at},`,
    view.revoked_at !== null
      ? `revoked ${view.revoked_at}`
      : view.expires_at === null
        ? 'does not expire'
        : `expires ${view.expires_at}`,
    `(last used ${view.last_used_on === null ? 'never' : `on ${view.last_used_on}`})`,
  ].join(' ');
}
