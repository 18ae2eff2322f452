import { ZH_TW } from './zh-tw';

/**
 * The console's texts. The English text is written where it is used, and is also the key of its translation. Each other
 * language has one catalogue; a test checks that it has all keys.
 */
export type Language = 'en' | 'zh-TW';

/** `undefined` in a test that runs without a browser. */
const { navigator, localStorage } = globalThis as {
  readonly navigator?: { readonly language: string; readonly languages: readonly string[] };
  readonly localStorage?: {
    getItem(name: string): string | null;
    setItem(name: string, value: string): void;
  };
};

const PLACE = 'minutebook.language';
/** Browser languages that are Chinese in the traditional script. */
const TRADITIONAL = /^zh(-Hant|-TW|-HK|-MO)/i;

let language: Language = atFirst();
const listeners = new Set<() => void>();

function atFirst(): Language {
  const kept = localStorage?.getItem(PLACE);
  if (kept === 'en' || kept === 'zh-TW') return kept;
  return navigator?.languages?.some(isFirst) === true ? 'zh-TW' : 'en';
}

/**
 * Whether a language is Chinese and no English comes before it: the console takes the first of the person's languages
 * that it has.
 */
function isFirst(name: string, index: number, names: readonly string[]): boolean {
  return TRADITIONAL.test(name) && !names.slice(0, index).some((before) => /^en/i.test(before));
}

export const currentLanguage = () => language;

/** Returns the locale for numbers and times: `undefined` = the browser's own, if it belongs to the language shown. */
export function formatLocale(): string | undefined {
  if (navigator === undefined) return undefined;
  const isChinese = /^zh/i.test(navigator.language);
  if (language === 'zh-TW') return TRADITIONAL.test(navigator.language) ? undefined : 'zh-TW';
  return isChinese ? 'en' : undefined;
}

/** Switches to another language, now and for later visits. */
export function readIn(next: Language): void {
  localStorage?.setItem(PLACE, next);
  language = next;
  for (const listener of listeners) listener();
}

/** Calls back whenever the language changes. @returns a function that ends that. */
export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Marks a text that is translated only when it is shown: the language may change in between. */
export const m = (text: string) => text;

/**
 * Returns a text in the current language. `{0}` stands for the first part and so on; `{0|row|rows}` is `row` if the
 * first part is the number 1, else `rows`.
 */
export function t(text: string, ...parts: readonly (string | number)[]): string {
  return translated(text, parts).replace(/\{(\d)\}/g, (_, index: string) =>
    String(parts[Number(index)]),
  );
}

/** Like {@link t}, for parts that are elements. */
export function tx<Parts extends readonly unknown[]>(
  text: string,
  ...parts: Parts
): (string | Parts[number])[] {
  return translated(text, parts)
    .split(/\{(\d)\}/)
    .map((piece, place): string | Parts[number] =>
      place % 2 === 0 ? piece : parts[Number(piece)],
    );
}

function translated(text: string, parts: readonly unknown[]): string {
  if (language !== 'en' && Object.hasOwn(ZH_TW, text)) return ZH_TW[text]!;
  return text.replace(
    /\{(\d)\|([^|}]*)\|([^|}]*)\}/g,
    (_, index: string, one: string, many: string) => (isOne(parts[Number(index)]) ? one : many),
  );
}

/** Numbers arrive as texts that the locale has formatted: its 1 need not be the digit 1. */
function isOne(part: unknown): boolean {
  return String(part) === '1' || part === localOne();
}

/** Each locale's digit for 1. Making a formatter takes far longer than using one, and a list asks for each of its rows. */
const ones = new Map<string | undefined, string>();

function localOne(): string {
  const locale = formatLocale();
  const known = ones.get(locale);
  if (known !== undefined) return known;
  const one = new Intl.NumberFormat(locale).format(1);
  ones.set(locale, one);
  return one;
}
