import { useEffect, useState } from 'preact/hooks';

import { currentLanguage, onLanguage, type Language } from './language';

/** The language that is read in, also by whoever hears the page. */
export function useLanguage(): Language {
  const [shown, show] = useState(currentLanguage());
  useEffect(() => {
    document.documentElement.lang = shown;
    return onLanguage(() => show(currentLanguage()));
  }, [shown]);
  return shown;
}
