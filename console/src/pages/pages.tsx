import type { ComponentChildren, FunctionComponent } from 'preact';

import { isMonth } from '../address';
import { seenBy, type Role } from '../api/roles';
import type { Person } from '../api/sign-in';
import { PageHead } from '../parts/panel';
import { Empty } from '../parts/state';
import { ChecksPage } from './checks/checks-page';
import { ClosePage } from './closing/close-page';
import { ClosingPage } from './closing/closing-page';
import { ComparePage } from './compare/compare-page';
import { FindPage } from './find/find-page';
import { KeysPage } from './keys/keys-page';
import { LedgerPage } from './ledger/ledger-page';
import { LogPage } from './log/log-page';
import { SessionPage } from './log/session-page';
import { OperationsPage } from './operations/operations-page';
import { PeriodPage } from './period/period-page';
import { PricesPage } from './prices/prices-page';
import { ReconcilePage } from './reconcile/reconcile-page';
import { AlertsPage } from './telling/alerts-page';
import { WebhooksPage } from './telling/webhooks-page';
import { UserPage } from './user/user-page';
import { UsersPage } from './user/users-page';
import { WaitingPage } from './waiting/waiting-page';
import { WritesPage } from './writes/writes-page';
import { m, t } from '../i18n/language';
import { month } from '../format';

interface Page {
  readonly title: string;
  readonly page: ComponentChildren;
}

/** Returns the page at a path. A page that the role may not see is not found; the service would refuse it too. */
export function pageAt(path: readonly string[], person: Person): Page {
  const [name, id, part] = path.length > 0 ? path : firstPathOf(person);
  return (
    usagePage(name, id, part, person) ??
    (seenBy(person.role).finance ? financePage(name, id, person.role) : undefined) ?? {
      title: t('Not found'),
      page: (
        <>
          <PageHead title={t('Not found')} />
          <Empty>{t('This page does not exist, or this key may not see it.')}</Empty>
        </>
      ),
    }
  );
}

function firstPathOf({ role, onlyUser }: Person): readonly string[] {
  if (onlyUser !== undefined) return ['users', onlyUser];
  return seenBy(role).finance ? ['period'] : ['users'];
}

/** Pages that readers may open too. */
function usagePage(
  name: string | undefined,
  id: string | undefined,
  part: string | undefined,
  { onlyUser }: Person,
): Page | undefined {
  if (name === 'logs' && id !== undefined) return { title: id, page: <LogPage id={id} /> };
  if (name === 'sessions' && id !== undefined) return { title: id, page: <SessionPage id={id} /> };
  if (name !== 'users') return undefined;
  const user = onlyUser ?? id;
  if (user === undefined) return { title: t('Users'), page: <UsersPage /> };
  if (part === 'compare')
    return { title: t('{0}: what changed', user), page: <ComparePage id={user} /> };
  return { title: user, page: <UserPage id={user} /> };
}

type FinancePage = readonly [title: string, page: FunctionComponent];

const FINANCE = {
  period: [m('Month'), PeriodPage],
  waiting: [m('Waiting'), WaitingPage],
  closing: [m('Closing'), ClosingPage],
  prices: [m('Prices and plans'), PricesPage],
  ledger: [m('Ledger'), LedgerPage],
  writes: [m('What finance wrote'), WritesPage],
  find: [m('Found'), FindPage],
  checks: [m('Checks and files'), ChecksPage],
  reconcile: [m('Reconcile with a vendor'), ReconcilePage],
  alerts: [m('Alerts'), AlertsPage],
  operations: [m('Operations'), OperationsPage],
} satisfies Readonly<Record<string, FinancePage>>;

/** The pages that links lead to. `find` is where a search leads. */
export type LinkedPage = Exclude<keyof typeof FINANCE, 'find'> | 'users';

function isFinancePage(name: string | undefined): name is keyof typeof FINANCE {
  return name !== undefined && Object.hasOwn(FINANCE, name);
}

function financePage(
  name: string | undefined,
  id: string | undefined,
  role: Role,
): Page | undefined {
  if (name === 'closing' && id !== undefined)
    return isMonth(id)
      ? { title: t('Close {0}', month(id)), page: <ClosePage period={id} /> }
      : undefined;
  const { administration } = seenBy(role);
  if (name === 'keys' && administration) return { title: t('Keys'), page: <KeysPage /> };
  if (name === 'webhooks' && administration)
    return { title: t('Webhooks'), page: <WebhooksPage /> };
  if (!isFinancePage(name)) return undefined;
  const [title, Shown]: FinancePage = FINANCE[name];
  return { title: t(title), page: <Shown /> };
}
