import { readIn, type Language } from '../i18n/language';
import { useLanguage } from '../i18n/use-language';

const NAMES: Readonly<Record<Language, string>> = { en: 'English', 'zh-TW': '繁體中文' };

/** Switches to the other language, which is named in that language. */
export function LanguageSwitch() {
  const other = useLanguage() === 'en' ? 'zh-TW' : 'en';
  return (
    <button class="link" type="button" lang={other} onClick={() => readIn(other)}>
      {NAMES[other]}
    </button>
  );
}
