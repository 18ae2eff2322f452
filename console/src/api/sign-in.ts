import { answerOf, Refused } from './answer';
import { api } from './client';
import { hold } from './credential';
import { currentMonth } from './current-month';
import type { Arrival } from './oidc/pending';
import type { Provider } from './oidc/ways';
import { seenBy, type Role } from './roles';
import { beginSession, forgetSession } from './session';
import { t } from '../i18n/language';

/** The person who is signed in, and the ledger they see. */
export interface Person {
  readonly role: Role;
  /** The only user whose page is shown; `undefined` if the person may see all. */
  readonly onlyUser: string | undefined;
  /** The ledger's billing time zone; `undefined` if the person may not read it. */
  readonly zone: string | undefined;
  /** The current month in the ledger's zone, `YYYY-MM`. */
  readonly now: string;
  readonly ledgerId: string | undefined;
  /** Whether the provider signed the person in: it is then offered again when the token expires. */
  readonly isThroughProvider?: boolean;
}

/**
 * Asks the service whose key or token this is, and keeps it for the requests of this tab.
 * @throws Refused with what to do.
 */
export async function signIn(key: string): Promise<Person> {
  if (key.startsWith('mb_producer_')) throw producersOnlyPost();
  try {
    return await entered(key, undefined, personOf);
  } catch (error) {
    const isOfKey = key.split('.').length !== 3;
    throw error instanceof Refused && error.status === 401 && isOfKey ? unknownKey() : error;
  }
}

/**
 * Completes a sign-in through the provider: gets the token and finds out what it may do.
 * @throws Refused with what to do.
 */
export async function signInThrough(provider: Provider, arrival: Arrival): Promise<Person> {
  const { tokenFor } = await import('./oidc/flow');
  const { token, seconds } = await tokenFor(provider, arrival);
  return entered(token, seconds, async () => {
    try {
      return { ...(await personOf()), isThroughProvider: true };
    } catch (error) {
      throw error instanceof Refused && error.status === 403 ? noRole() : error;
    }
  });
}

async function entered(
  key: string,
  seconds: number | undefined,
  who: () => Promise<Person>,
): Promise<Person> {
  hold(key);
  try {
    const person = await who();
    beginSession(seconds);
    return person;
  } catch (error) {
    hold('');
    throw error;
  }
}

export function signOut(): void {
  hold('');
  forgetSession();
}

async function personOf(): Promise<Person> {
  const { role, user_id } = await answerOf(api.GET('/v1/caller'));
  return seenBy(role).finance ? financeAs(role) : readerAs(role, user_id);
}

async function financeAs(role: Role): Promise<Person> {
  const [first, now] = await Promise.all([
    answerOf(api.GET('/v1/audit/events', { params: { query: { limit: 1 } } })),
    currentMonth(undefined),
  ]);
  const opened = (first.items[0]?.event ?? {}) as {
    data?: { billing_time_zone?: string; ledger_id?: string };
  };
  return {
    role,
    onlyUser: undefined,
    zone: opened.data?.billing_time_zone,
    now,
    ledgerId: opened.data?.ledger_id,
  };
}

/** A reader may not read the ledger's zone. The current month comes from any summary that the reader may see. */
async function readerAs(role: Role, only: string | null): Promise<Person> {
  const onlyUser = only ?? undefined;
  return {
    role,
    onlyUser,
    zone: undefined,
    now: await currentMonth(onlyUser),
    ledgerId: undefined,
  };
}

const producersOnlyPost = () =>
  new Refused(
    403,
    'forbidden',
    t(
      'A producer’s key can post events but reads nothing. Sign in with a key of finance or of a reader.',
    ),
  );
const unknownKey = () =>
  new Refused(
    401,
    'unauthorized',
    t('This key does not work here: it is mistyped, expired or revoked.'),
  );
const noRole = () =>
  new Refused(
    403,
    'no_role',
    t(
      'You are signed in, but have no role here that may read anything. Ask whoever runs the service.',
    ),
  );
