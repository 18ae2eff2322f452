import type { ComponentChildren } from 'preact';

import type { Person } from '../api/sign-in';
import { Empty } from '../parts/state';
import { PeriodPage } from './period/period-page';

interface Page {
  readonly title: string;
  readonly page: ComponentChildren;
}

/** The page at a path. What a role may not see is not there for it; the service would refuse it, too. */
export function pageAt(path: readonly string[], person: Person): Page {
  const [name = person.role === 'reader' ? 'users' : 'period', id] = path;
  if (name === 'period') return { title: 'Month', page: <PeriodPage /> };
  void id;
  return { title: 'Not there', page: <Empty>There is no such page for this key.</Empty> };
}
