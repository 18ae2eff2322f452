import { useEffect, useRef } from 'preact/hooks';

import { useCurrentMonth } from '../api/current-month';
import { usePerson } from '../api/person';
import { usePulse } from '../api/pulse';
import { useRoute } from '../route';
import { pageAt } from '../pages/pages';
import { Boundary } from '../parts/boundary';
import { ContextBar } from './context-bar';
import { Nav } from './nav';
import { SessionEnd } from './session-end';
import { t } from '../i18n/language';

interface ShellProps {
  readonly onLeave: () => void;
  /** Called with the current month, from time to time. */
  readonly onMonth: (month: string) => void;
}

/** The frame of every page: links to the others, the month, the moment, and how far the ledger has got. */
export function Shell({ onLeave, onMonth }: ShellProps) {
  const person = usePerson();
  const { path, query } = useRoute();
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  usePulse();
  useCurrentMonth(person.onlyUser, onMonth);
  const { title, page } = pageAt(path, person);
  const place = path.join('/');

  useEffect(() => {
    document.title = `${title} – Minutebook`;
    // A new page begins at its top, on the screen and for a screen reader.
    if (!isFirst.current) {
      main.current?.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    isFirst.current = false;
  }, [place, title]);

  return (
    <div class="shell">
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {t('Skip to the content')}
      </a>
      <Nav onLeave={onLeave} />
      <div class="stage">
        <ContextBar />
        <SessionEnd onLeave={onLeave} />
        <main ref={main} id="main" tabIndex={-1} key={place}>
          <Boundary at={`${place}?${query.toString()}`}>{page}</Boundary>
        </main>
      </div>
    </div>
  );
}
