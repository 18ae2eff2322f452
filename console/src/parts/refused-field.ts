import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

import type { Refused } from '../api/answer';

/** What the service refused of the form that is shown. */
export const RefusedContext = createContext<Refused | undefined>(undefined);

/** What is wrong with a field: what the form itself found, or what the service said of it. */
export function useFault(own: string | undefined, pointer: string | undefined): string | undefined {
  const refused = useContext(RefusedContext);
  if (own !== undefined) return own;
  return pointer !== undefined && refused?.pointer === pointer ? refused.detail : undefined;
}
