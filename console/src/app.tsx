import { useState } from 'preact/hooks';

import { PersonContext } from './api/person';
import { signOut, type Person } from './api/sign-in';
import { useLanguage } from './i18n/use-language';
import { Shell } from './shell/shell';
import { SignIn } from './pages/sign-in';

/** The console: the sign-in page, then the pages. */
export function App() {
  const [person, setPerson] = useState<Person>();
  const [hasLeftProvider, setLeftProvider] = useState(false);
  const language = useLanguage();
  if (person === undefined) {
    return <SignIn key={language} onSignedIn={setPerson} hasLeftProvider={hasLeftProvider} />;
  }
  const leave = () => {
    signOut();
    setLeftProvider(person.isThroughProvider === true);
    setPerson(undefined);
  };
  const note = (now: string) =>
    setPerson((was) => (was === undefined || was.now === now ? was : { ...was, now }));
  return (
    <PersonContext.Provider value={person}>
      <Shell key={language} onLeave={leave} onMonth={note} />
    </PersonContext.Provider>
  );
}
