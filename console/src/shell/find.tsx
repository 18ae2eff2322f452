import { useState } from 'preact/hooks';

import { useIsFinance } from '../api/person';
import { answerOf } from '../api/answer';
import { api } from '../api/client';
import { hrefTo } from '../route';

/** Goes to the user, session or usage log with exactly this id. */
export function Find() {
  const isFinance = useIsFinance();
  const [text, setText] = useState('');
  const [isBusy, setBusy] = useState(false);
  const go = async (event: Event) => {
    event.preventDefault();
    const id = text.trim();
    if (id === '') return;
    setBusy(true);
    location.hash = await placeOf(id, isFinance);
    setBusy(false);
    setText('');
  };
  return (
    <form role="search" class="find" onSubmit={(event) => void go(event)}>
      <input
        type="search"
        aria-label="Find a user, session or log by its id"
        placeholder="User, session or log id"
        value={text}
        disabled={isBusy}
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </form>
  );
}

/** A log's id has a `~` that no other has. Whether an id is a session's, the ledger says; else it is a user's. */
async function placeOf(id: string, isFinance: boolean): Promise<string> {
  if (id.includes('~')) return hrefTo(['logs', id]);
  if (isFinance) {
    const query = { session_id: id, limit: 1 };
    const found = await answerOf(api.GET('/v1/audit/events', { params: { query } })).catch(
      () => undefined,
    );
    if (found !== undefined && found.items.length > 0) return hrefTo(['sessions', id]);
  }
  return hrefTo(['users', id]);
}
