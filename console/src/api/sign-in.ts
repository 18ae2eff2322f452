import { answerOf, Refused } from './answer';
import { api, type Schema } from './client';
import { hold } from './credential';
import type { Arrival } from './oidc/pending';
import type { Provider } from './oidc/ways';
import { beginSession, forgetSession } from './session';
import { t } from '../i18n/language';

export type Role = Schema<'Caller'>['role'];

/** Who is signed in, and where. */
export interface Person {
  readonly role: Role;
  /** The user whose page alone is shown; `undefined` if all are. */
  readonly onlyUser: string | undefined;
  /** The ledger's billing time zone; `undefined` if the person may not read it. */
  readonly zone: string | undefined;
  /** The month in which the ledger is now. */
  readonly now: string;
  readonly ledgerId: string | undefined;
  /** That the provider signed the person in: then it does so again. */
  readonly isThroughProvider?: boolean;
}

/** Nobody's id: a reader who may read it may read everybody's. */
const NOBODY = 'minutebook-console:nobody';

/**
 * Asks the service who a key or token is of, and keeps it for the requests of this tab.
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
 * Comes back from the provider: gets the token that it grants, and finds out what that may do.
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
  return role === 'reader' ? readerOf(user_id) : financeAs(role);
}

async function financeAs(role: Exclude<Role, 'reader'>): Promise<Person> {
  const [first, report] = await Promise.all([
    answerOf(api.GET('/v1/audit/events', { params: { query: { limit: 1 } } })),
    answerOf(
      api.GET('/v1/users/{user_id}/usage-summary', { params: { path: { user_id: NOBODY } } }),
    ),
  ]);
  const opened = (first.items[0]?.event ?? {}) as {
    data?: { billing_time_zone?: string; ledger_id?: string };
  };
  return {
    role,
    onlyUser: undefined,
    zone: opened.data?.billing_time_zone,
    now: report.period,
    ledgerId: opened.data?.ledger_id,
  };
}

/** A reader may not read the ledger's zone. The month is of any summary that the reader may see. */
async function readerOf(only: string | null): Promise<Person> {
  const path = { user_id: only ?? NOBODY };
  const { period } = await answerOf(
    api.GET('/v1/users/{user_id}/usage-summary', { params: { path } }),
  );
  return {
    role: 'reader',
    onlyUser: only ?? undefined,
    zone: undefined,
    now: period,
    ledgerId: undefined,
  };
}

const producersOnlyPost = () =>
  new Refused(
    403,
    'forbidden',
    t(
      'A producer’s key posts events and reads nothing. Sign in with a key of finance, or a reader’s.',
    ),
  );
const unknownKey = () =>
  new Refused(
    401,
    'unauthorized',
    t('This key opens nothing here: it is mistyped, expired or revoked.'),
  );
const noRole = () =>
  new Refused(
    403,
    'no_role',
    t('You are signed in, but have no role here that reads anything. Ask who runs the service.'),
  );
