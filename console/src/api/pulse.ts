import { useEffect } from 'preact/hooks';

import { api } from './client';
import { noteUnreachable } from './head';
import type { Person } from './sign-in';

const EVERY_MS = 1_000;

/** Looks once a second how far the ledger is, while the tab can be seen. The answer's headers move the pages on. */
export function usePulse({ role, onlyUser }: Person): void {
  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout>;
    const beat = async () => {
      if (!document.hidden) {
        try {
          await (role === 'reader' ? lookAsReader(onlyUser) : lookAsFinance());
        } catch {
          noteUnreachable();
        }
      }
      if (!stopped) timer = setTimeout(() => void beat(), EVERY_MS);
    };
    void beat();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [role, onlyUser]);
}

// The cheapest reads that carry the headers.
const lookAsFinance = () => api.GET('/v1/plans', { params: { query: { limit: 1 } } });
const lookAsReader = (user = 'minutebook-console:nobody') =>
  api.GET('/v1/users/{user_id}/entitlement', { params: { path: { user_id: user } } });
