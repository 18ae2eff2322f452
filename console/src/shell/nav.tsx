import { usePerson } from '../api/person';
import { seenBy, type Role } from '../api/roles';
import { words } from '../i18n/words';
import type { LinkedPage } from '../pages/pages';
import { LanguageSwitch } from '../parts/language-switch';
import { Wordmark } from '../parts/wordmark';
import { hrefTo, useRoute } from '../route';
import { Find } from './find';
import { m, t, tx } from '../i18n/language';

const FINANCE: Readonly<Record<LinkedPage, string>> = {
  period: m('Month'),
  users: m('Users'),
  waiting: m('Waiting'),
  closing: m('Closing'),
  prices: m('Prices and plans'),
  ledger: m('Ledger'),
  writes: m('Writes'),
  checks: m('Checks and files'),
  reconcile: m('Reconcile'),
  alerts: m('Alerts'),
  operations: m('Operations'),
};
const READER = [['users', m('Users')]] as const;
const ADMINISTRATION = [
  ['webhooks', m('Webhooks')],
  ['keys', m('Keys')],
] as const;

/** Links to the pages that the person may see. */
export function Nav({ onLeave }: { readonly onLeave: () => void }) {
  const { role, onlyUser } = usePerson();
  const { path } = useRoute();
  const sees = seenBy(role);
  const pages = [
    ...(sees.finance ? Object.entries(FINANCE) : READER),
    ...(sees.administration ? ADMINISTRATION : []),
  ];
  return (
    <header class="rail">
      <Wordmark />
      {onlyUser === undefined && <Find />}
      <nav aria-label={t('Pages')}>
        <ul>
          {pages.map(([name, text]) => (
            <li key={name}>
              <a
                href={hrefTo(onlyUser === undefined ? [name] : ['users', onlyUser])}
                aria-current={isAt(name, path[0], role) ? 'page' : undefined}
              >
                {onlyUser ?? t(text)}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="rail-foot">
        <span class="quiet">
          {tx('Signed in as {0}', role === 'reader' ? t('a reader') : words(role))}
        </span>
        <a href="/docs/guide/" target="_blank" rel="noopener">
          {t('Guide')}
        </a>
        <a href="/docs" target="_blank" rel="noopener">
          {t('API')}
        </a>
        <LanguageSwitch />
        <button class="link" type="button" onClick={onLeave}>
          {t('Sign out')}
        </button>
      </div>
    </header>
  );
}

function isAt(name: string, at: string | undefined, role: Role): boolean {
  if (at === 'logs' || at === 'sessions') return name === 'users';
  return name === (at ?? (seenBy(role).finance ? 'period' : 'users'));
}
