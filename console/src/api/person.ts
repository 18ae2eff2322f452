import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

import type { Person } from './sign-in';

export const PersonContext = createContext<Person | undefined>(undefined);

/** Who is signed in. */
export function usePerson(): Person {
  const person = useContext(PersonContext);
  if (person === undefined) throw new Error('Nobody is signed in.');
  return person;
}

/** Whether finance is, who may do more than look at users. */
export const useIsFinance = () => usePerson().role !== 'reader';

/** The zone in which times are shown: the ledger's, as far as the person may know it. */
export const useZone = () => usePerson().zone ?? 'UTC';

/** The month that one looks at: the one in the address, else the current one. */
export const periodOr = (asked: string | undefined, person: Person) => asked ?? person.now;
