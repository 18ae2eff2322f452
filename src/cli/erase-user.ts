import type { ErasureAnswer } from '../erasure/erase-user';
import { counted, oneOrMany } from '../lib/counted';
import { postJson, Unreachable } from './client';
import { keyFor } from './key-for';
import { startOwnService } from './own-service';

export interface EraseUserOptions {
  readonly userId: string;
  readonly reason: string;
  /** The address of a running service; `undefined` = open the configured ledger, which no service may be using. */
  readonly url: string | undefined;
  readonly key: string | undefined;
  readonly json: boolean;
}

/** `erase-user`: makes a user's personal values unreadable for good. */
export async function runEraseUser(options: EraseUserOptions): Promise<void> {
  const { url, key } = options;
  if (url !== undefined) {
    console.error(`Ledger: that of the service at ${url}`);
    return erase(url.replace(/\/+$/, ''), keyFor('admin', key), options).catch(withoutService);
  }
  const own = await startOwnService();
  try {
    await erase(own.url, own.ownKey('admin'), options);
  } finally {
    await own.close();
  }
}

function withoutService(error: unknown): never {
  if (!(error instanceof Unreachable)) throw error;
  throw new Error(
    `${error.message} If no service has the ledger open, leave out --url: the command then does it in its own process.`,
    { cause: error },
  );
}

async function erase(
  url: string,
  key: string | undefined,
  { userId, reason, json }: EraseUserOptions,
): Promise<void> {
  const path = `${url}/v1/users/${encodeURIComponent(userId)}/erase`;
  const erased = await postJson<ErasureAnswer['body']>(path, { reason }, key);
  if (json) console.log(JSON.stringify(erased));
  else print(erased);
}

function print({ user_id, erased_at, position, unsealed_events: left }: ErasureAnswer['body']) {
  console.log(`${user_id} was erased at ${erased_at} (position ${position}).`);
  if (left === 0) return;
  console.log(
    `${counted(left, 'event')} of this user ${oneOrMany(left, 'was', 'were')} stored before personal values were sealed: ${oneOrMany(left, 'it stays', 'they stay')} readable in the ledger (docs/explanation/erasure.md says what can be done).`,
  );
}
