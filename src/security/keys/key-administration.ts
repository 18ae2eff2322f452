import type { Json } from '../../domain/events/facts';
import { Problem } from '../../http/problem';
import type { ApiKey, ApiKeys } from './api-keys';
import { readKeyOrder } from './key-order';
import { keyView, makeKey, type KeyView } from './new-key';

/** The answer to a request for a new key. No other answer shows the key itself. */
export interface ShownKey extends KeyView {
  readonly key: string;
}

/** Lists, makes and revokes keys for admins, over HTTP and on the command line. */
export class KeyAdministration {
  /**
   * @param now milliseconds since 1970.
   * @param forget called when a key was revoked here.
   */
  constructor(
    private readonly keys: ApiKeys,
    private readonly now: () => number,
    private readonly forget: () => void = () => undefined,
  ) {}

  /** Returns all keys, oldest first. */
  list(): Promise<readonly ApiKey[]> {
    return this.keys.list();
  }

  /** @throws Problem with a pointer to what is wrong with the body. */
  async add(body: Json): Promise<ShownKey> {
    const now = this.now();
    const order = readKeyOrder(body, now);
    const { hashed, text } = makeKey(order, await this.keys.pepper(), now);
    await this.keys.add(hashed);
    return { ...keyView(hashed.key), key: text };
  }

  /** @throws Problem `not_found`, or `last_admin_key` if nobody could make keys afterwards. */
  async revoke(id: string): Promise<void> {
    const became = await this.keys.revoke(id, this.now());
    if (became === 'unknown') throw new Problem('not_found', 'There is no key with this id.');
    if (became === 'last_admin') {
      throw new Problem(
        'last_admin_key',
        'It is the last admin key that can be used: add another one first, then revoke it.',
      );
    }
    this.forget();
  }
}
