import type { ComponentChildren } from 'preact';

import type { Person } from '../api/sign-in';
import { Empty } from '../parts/state';
import { ComparePage } from './compare/compare-page';
import { LogPage } from './log/log-page';
import { SessionPage } from './log/session-page';
import { PeriodPage } from './period/period-page';
import { UserPage } from './user/user-page';
import { UsersPage } from './user/users-page';

interface Page {
  readonly title: string;
  readonly page: ComponentChildren;
}

/** The page at a path. What a role may not see is not there for it; the service would refuse it, too. */
export function pageAt(path: readonly string[], person: Person): Page {
  const [name, id, part] = path.length > 0 ? path : firstPathOf(person);
  return (
    usagePage(name, id, part, person) ??
    (person.role === 'reader' ? undefined : financePage(name, id)) ?? {
      title: 'Not there',
      page: <Empty>There is no such page for this key.</Empty>,
    }
  );
}

function firstPathOf({ role, onlyUser }: Person): readonly string[] {
  if (onlyUser !== undefined) return ['users', onlyUser];
  return role === 'reader' ? ['users'] : ['period'];
}

/** Pages that readers have, too. */
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
  if (user === undefined) return { title: 'Users', page: <UsersPage /> };
  if (part === 'compare') return { title: `${user}: what changed`, page: <ComparePage id={user} /> };
  return { title: user, page: <UserPage id={user} /> };
}

function financePage(name: string | undefined, id: string | undefined): Page | undefined {
  void id;
  if (name === 'period') return { title: 'Month', page: <PeriodPage /> };
  return undefined;
}
