import type { Fact, PersonalData, StoredFact } from '../domain/events/facts';
import { openPersonal, sealPersonal, type PersonalKey } from '../domain/events/sealing';
import { personalDigest } from '../domain/events/stored';
import { StoreError } from '../event-store/errors';
import type { SealingKeys } from '../personal/personal-keys';

const NO_KEYS: ReadonlyMap<string, PersonalKey> = new Map();

/** Seals the personal values of facts to be appended, and opens those of stored facts. */
export class FactSealer {
  constructor(private readonly keys: SealingKeys) {}

  /**
   * Returns, by user id, the keys of the users whose facts have personal values.
   * @throws StoreError `unavailable` if the keys can't be stored.
   */
  async keysFor(facts: Iterable<Fact>): Promise<ReadonlyMap<string, PersonalKey>> {
    const users = new Set<string>();
    for (const fact of facts) if (isPersonal(fact)) users.add(fact.data.user_id);
    return users.size === 0 ? NO_KEYS : this.keys.sealing(users);
  }

  /**
   * Returns a fact in the form to be stored. @throws StoreError `unavailable` if its user's key was destroyed
   * meanwhile.
   */
  seal(fact: Fact, keys: ReadonlyMap<string, PersonalKey>): StoredFact {
    if (!isPersonal(fact)) return fact;
    const { user_id: userId } = fact.data;
    const key = keys.get(userId);
    if (key === undefined) {
      throw new StoreError(
        'unavailable',
        'The user is being erased at this moment. Send the events again.',
      );
    }
    return { ...fact, personal: {}, sealed: sealPersonal(fact.personal, userId, key) };
  }

  /** Returns the personal values of a stored fact; `undefined` if nobody can read them any more. */
  async open({ sealed, data, personal }: StoredFact): Promise<PersonalData | undefined> {
    if (sealed === undefined) return personal;
    const secret = (await this.keys.secrets([sealed.key])).get(sealed.key);
    return secret && openPersonal(sealed, data.user_id, secret);
  }

  /** Returns the digest of a fact's personal values, used to compare it with a fact that is sent again. */
  async digestOf(fact: StoredFact): Promise<string | undefined> {
    const personal = await this.open(fact);
    return personal && personalDigest(personal);
  }

  /** Forgets cached keys, because others may have destroyed them. */
  forgetKeys(): void {
    this.keys.forget();
  }
}

function isPersonal({ personal }: Fact): boolean {
  for (const _ in personal) return true;
  return false;
}
