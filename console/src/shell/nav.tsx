import { usePerson } from '../api/person';
import { Wordmark } from '../parts/wordmark';
import { hrefTo, useRoute } from '../route';
import { Find } from './find';

const FINANCE = [
  ['period', 'Month'],
  ['users', 'Users'],
  ['waiting', 'Waiting'],
  ['closing', 'Closing'],
  ['prices', 'Prices and plans'],
  ['ledger', 'Ledger'],
  ['writes', 'Writes'],
  ['checks', 'Checks and files'],
  ['reconcile', 'Reconcile'],
  ['alerts', 'Alerts'],
  ['operations', 'Operations'],
] as const;

/** The way to the pages that the person may see. */
export function Nav({ onLeave }: { readonly onLeave: () => void }) {
  const { role, onlyUser } = usePerson();
  const { path } = useRoute();
  const pages: readonly (readonly [string, string])[] =
    role === 'reader'
      ? [['users', onlyUser ?? 'Users']]
      : role === 'admin'
        ? [...FINANCE, ['webhooks', 'Webhooks'], ['keys', 'Keys']]
        : FINANCE;
  return (
    <header class="rail">
      <Wordmark />
      {onlyUser === undefined && <Find />}
      <nav aria-label="Pages">
        <ul>
          {pages.map(([name, text]) => (
            <li key={name}>
              <a
                href={hrefTo(onlyUser === undefined ? [name] : ['users', onlyUser])}
                aria-current={isAt(name, path[0], role) ? 'page' : undefined}
              >
                {text}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="rail-foot">
        <span class="quiet">Signed in as {role === 'reader' ? 'a reader' : role}</span>
        <button class="link" type="button" onClick={onLeave}>
          Sign out
        </button>
      </div>
    </header>
  );
}

function isAt(name: string, at: string | undefined, role: string): boolean {
  if (at === 'logs' || at === 'sessions') return name === 'users';
  return name === (at ?? (role === 'reader' ? 'users' : 'period'));
}
