import { m, t } from './language';

/**
 * Words of the API that people see, with spaces for underscores. Plans and providers are names and are not translated.
 */
export const WORDS: ReadonlySet<string> = new Set([
  m('transcription completed'),
  m('retranscription'),
  m('first success after failure'),
  m('retry after failure'),
  m('retry after failure free'),
  m('zero duration'),
  m('original'),
  m('retry success'),
  m('retry failed'),
  m('half up'),
  m('half even'),
  m('up'),
  m('graduated'),
  m('volume'),
  m('down'),
  m('ignore'),
  m('each'),
  m('pairs'),
  m('completed'),
  m('failed'),
  m('open'),
  m('closed'),
  m('pending'),
  m('unrated'),
  m('unfinished'),
  m('waiting'),
  m('delivered'),
  m('queued'),
  m('running'),
  m('replaying'),
  m('comparing'),
  m('filling'),
  m('switching'),
  m('done'),
  m('ok'),
  m('unavailable'),
  m('voided'),
  m('producer'),
  m('reader'),
  m('finance'),
  m('admin'),
]);

/** Writes a word of the API for people: `retry_after_failure_free` is “retry after failure free”. */
export function words(name: string): string {
  const text = name.replaceAll('_', ' ');
  return WORDS.has(text) ? t(text) : text;
}
