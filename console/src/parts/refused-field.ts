import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

import type { Refused } from '../api/answer';

/** The service's refusal of the form that is shown, if any. */
export const RefusedContext = createContext<Refused | undefined>(undefined);

/** Returns what is wrong with a field, according to the form itself, else according to the service. */
export function useFault(own: string | undefined, pointer: string | undefined): string | undefined {
  const refused = useContext(RefusedContext);
  if (own !== undefined) return own;
  return pointer !== undefined && refused?.pointer === pointer ? refused.detail : undefined;
}
