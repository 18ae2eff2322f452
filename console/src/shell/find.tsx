import { useState } from 'preact/hooks';

import { answerOf } from '../api/answer';
import { api } from '../api/client';
import { useIsFinance } from '../api/person';
import { hrefTo } from '../route';
import { t } from '../i18n/language';

/**
 * Goes to the user, session or usage log with exactly this id. If there is none, finance sees all ids that contain it.
 */
export function Find() {
  const isFinance = useIsFinance();
  const [text, setText] = useState('');
  const [isBusy, setBusy] = useState(false);
  const go = async (event: Event) => {
    event.preventDefault();
    const id = text.trim();
    if (id === '') return;
    setBusy(true);
    location.hash = isFinance ? await placeOf(id) : placeForReader(id);
    setBusy(false);
    setText('');
  };
  return (
    <form role="search" class="find" onSubmit={(event) => void go(event)}>
      <input
        type="search"
        aria-label={t('Find a user, session or log by any part of its id')}
        placeholder={t('User, session, log')}
        value={text}
        disabled={isBusy}
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </form>
  );
}

/** Only a log's id contains a `~`. */
const placeForReader = (id: string) => hrefTo([id.includes('~') ? 'logs' : 'users', id]);

async function placeOf(id: string): Promise<string> {
  const isThere = (call: Promise<boolean>) => call.catch(() => false);
  const params = { path: { user_id: id } };
  const [log, session, user] = await Promise.all([
    isThere(
      answerOf(api.GET('/v1/usage-logs/{id}', { params: { path: { id } } })).then(() => true),
    ),
    isThere(
      answerOf(api.GET('/v1/sessions/{session_id}', { params: { path: { session_id: id } } })).then(
        () => true,
      ),
    ),
    isThere(
      answerOf(api.GET('/v1/users/{user_id}/usage-totals', { params })).then(
        ({ totals }) => totals.length > 0,
      ),
    ),
  ]);
  if (log) return hrefTo(['logs', id]);
  // If the id is both a session's and a user's, the person has to choose.
  if (session !== user) return hrefTo([session ? 'sessions' : 'users', id]);
  return hrefTo(['find'], { search: id });
}
