import { useState } from 'preact/hooks';

import { useZone } from '../api/person';
import { instant } from '../format';
import { change, useRoute } from '../route';
import { t, tx } from '../i18n/language';

/** Shows and changes the moment that the pages show: now, or as of a time or position. */
export function AsOf() {
  const zone = useZone();
  const { asOf } = useRoute();
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState('');
  if (asOf !== undefined) {
    return (
      <span class="as-of is-past">
        <span>{tx('As of {0}', readable(asOf, zone))}</span>
        <button class="link" type="button" onClick={() => change({ as_of: undefined })}>
          {t('Back to now')}
        </button>
      </span>
    );
  }
  if (!isOpen) {
    return (
      <button class="link as-of" type="button" onClick={() => setOpen(true)}>
        {t('As of…')}
      </button>
    );
  }
  const go = (event: Event) => {
    event.preventDefault();
    const moment = readMoment(text);
    setOpen(false);
    if (moment !== '') change({ as_of: moment });
  };
  return (
    <form
      class="as-of"
      onSubmit={go}
      onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}
    >
      <input
        type="text"
        aria-label={t('As of a time (UTC) or position')}
        placeholder={t('2026-11-01T12:00Z or a position')}
        value={text}
        autofocus
        ref={(input) => input?.focus()}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button class="button small" type="submit">
        {t('Show')}
      </button>
    </form>
  );
}

/** Reads a position or a time: a day or a minute is completed to an instant in UTC. */
export function readMoment(text: string): string {
  const typed = text.trim().replace(' ', 'T');
  if (/^\d{4}-\d\d-\d\d$/.test(typed)) return `${typed}T00:00:00Z`;
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\dZ?$/.test(typed)) return `${typed.replace('Z', '')}:00Z`;
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$/.test(typed)) return `${typed}Z`;
  return typed;
}

export function readable(moment: string, zone: string): string {
  if (/^\d+$/.test(moment)) return t('position {0}', moment);
  return Number.isNaN(Date.parse(moment)) ? moment : instant(moment, zone);
}
