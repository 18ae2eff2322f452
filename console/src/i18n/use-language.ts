import { useEffect, useState } from 'preact/hooks';

import { currentLanguage, onLanguage, type Language } from './language';

/** Returns the current language, and sets the page's `lang` to it for screen readers. */
export function useLanguage(): Language {
  const [shown, show] = useState(currentLanguage());
  useEffect(() => {
    document.documentElement.lang = shown;
    return onLanguage(() => show(currentLanguage()));
  }, [shown]);
  return shown;
}
