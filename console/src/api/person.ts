import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

import { seenBy } from './roles';
import type { Person } from './sign-in';

export const PersonContext = createContext<Person | undefined>(undefined);

/** Returns who is signed in. @throws Error outside the signed-in pages. */
export function usePerson(): Person {
  const person = useContext(PersonContext);
  if (person === undefined) throw new Error('Nobody is signed in.');
  return person;
}

/** Whether the person may do what finance may. */
export const useIsFinance = () => seenBy(usePerson().role).finance;

/** Returns the zone in which times are shown: the ledger's, or UTC if the person may not read it. */
export const useZone = () => usePerson().zone ?? 'UTC';

/** Returns the month to show: the one in the address, else the current one. */
export const periodOr = (asked: string | undefined, person: Person) => asked ?? person.now;
