import { answerOf, Refused } from './answer';
import { api } from './client';
import { hold } from './credential';
import type { Arrival } from './oidc/pending';
import type { Provider } from './oidc/ways';
import { beginSession, forgetSession } from './session';
import { claimOf } from './token-claims';
import { t } from '../i18n/language';

export type Role = 'reader' | 'finance' | 'admin';

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
 * Finds out what a key may do by what it is allowed, from the most down, and keeps it for the requests of this tab.
 * @param user whose page a bound reader wants to see: the service does not say whose key it is.
 * @throws Refused with what to do.
 */
export async function signIn(key: string, user: string): Promise<Person> {
  try {
    // A token says whose it is, a key does not.
    return await entered(key, undefined, () =>
      personOf(roleInName(key), user === '' ? (claimOf(key, 'sub') ?? '') : user),
    );
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
      const person = await personOf(undefined, claimOf(token, provider.user_claim) ?? '');
      return { ...person, isThroughProvider: true };
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

/** Our own keys name their role. Nothing is known about a token before it is tried. */
function roleInName(key: string): string | undefined {
  return /^mb_(producer|reader|finance|admin)_/.exec(key)?.[1];
}

async function personOf(named: string | undefined, user: string): Promise<Person> {
  if (named === 'producer') throw producersOnlyPost();
  if (named === undefined || named === 'admin') {
    if (await isAllowed(answerOf(api.GET('/v1/keys', { params: { query: { limit: 1 } } })))) {
      return financeAs('admin');
    }
  }
  if (named === undefined || named === 'finance') {
    const call = api.GET('/v1/plans', { params: { query: { limit: 1 } } });
    if (await isAllowed(answerOf(call))) return financeAs('finance');
  }
  return readerOf(user);
}

async function financeAs(role: 'finance' | 'admin'): Promise<Person> {
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

async function readerOf(user: string): Promise<Person> {
  const summaryOf = (id: string) =>
    answerOf(api.GET('/v1/users/{user_id}/usage-summary', { params: { path: { user_id: id } } }));
  const reader = { role: 'reader', zone: undefined, ledgerId: undefined } as const;
  if (user !== '') {
    const { period } = await summaryOf(user);
    const seesAll = await isAllowed(summaryOf(NOBODY));
    return { ...reader, onlyUser: seesAll ? undefined : user, now: period };
  }
  try {
    return { ...reader, onlyUser: undefined, now: (await summaryOf(NOBODY)).period };
  } catch (error) {
    if (error instanceof Refused && error.status === 403) throw whosePage();
    throw error;
  }
}

async function isAllowed(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof Refused && error.status === 403) return false;
    throw error;
  }
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
const whosePage = () =>
  new Refused(
    403,
    'whose',
    t('This key is bound to one user, or may read nothing. Type that user’s id below.'),
  );
