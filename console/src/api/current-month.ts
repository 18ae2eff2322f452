import { useEffect } from 'preact/hooks';

import { answerOf } from './answer';
import { api } from './client';

/** An id that no user has: a person who may read this user's usage may read everybody's. */
const NOBODY = 'minutebook-console:nobody';
const EVERY_MS = 60_000;
/** How often to see whether it is time to ask: timers of a hidden tab, or of a computer that sleeps, come late. */
const LOOK_MS = 1_000;

/** Returns the current month in the ledger's zone, `YYYY-MM`. @param onlyUser the only user whom the person may read. */
export async function currentMonth(onlyUser: string | undefined): Promise<string> {
  const path = { user_id: onlyUser ?? NOBODY };
  const call = api.GET('/v1/users/{user_id}/usage-summary', { params: { path } });
  return (await answerOf(call)).period;
}

/**
 * Asks once a minute, while the tab is visible, which month it is: the console may stay open past the end of one. Does
 * not tell while a dialog is open, because it may be about the month that the page shows.
 */
export function useCurrentMonth(
  onlyUser: string | undefined,
  onMonth: (month: string) => void,
): void {
  useEffect(() => {
    let stopped = false;
    let asked = Date.now();
    const look = async () => {
      if (document.hidden || Date.now() - asked < EVERY_MS) return;
      asked = Date.now();
      // A service that can't be reached is asked again in a minute.
      const month = await currentMonth(onlyUser).catch(() => undefined);
      const isBusy = document.querySelector('dialog[open]') !== null;
      if (!stopped && month !== undefined && !isBusy) onMonth(month);
    };
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => {
      stopped = true;
      clearInterval(timer);
    };
  }, [onlyUser]);
}
