import type { Report } from './check-bundle';
import type { Header } from './header';
import { saysNoBundle } from './no-bundle';

/**
 * What a terminal or a page obeys instead of showing it: controls (line feeds, too), separators of lines, and what turns
 * the direction of writing.
 */
const OBEYED = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/**
 * Puts a report into plain words. Each sentence is one line, because the texts in it are from a file that nobody trusts
 * yet: a line feed in one could begin a line that looks like ours.
 */
export function inWords(report: Report): string {
  return sentences(report).map(harmless).join('\n');
}

const harmless = (sentence: string): string =>
  sentence.replace(OBEYED, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);

function sentences(report: Report): string[] {
  const { header } = report;
  const lines =
    header === null
      ? []
      : [
          describe(header),
          ...counts(report),
          signatureOf(report),
          ...witnessesOf(report),
          ...restoresOf(report),
        ];
  if (report.holds) return [...lines, 'Everything that the bundle states follows.'];
  const other = report.problems.find(({ text }) => saysNoBundle(text));
  if (other !== undefined) return [other.text];
  const shown = report.problems.map(({ line, text }) =>
    line === null ? `- ${text}` : `- line ${line}: ${text}`,
  );
  const more = report.problem_count - shown.length;
  const number = report.problem_count === 1 ? '1 thing does' : `${report.problem_count} things do`;
  return [
    ...lines,
    `${number} not follow:`,
    ...shown,
    ...(more > 0 ? [`(and ${more} more, which are not shown)`] : []),
  ];
}

function describe({ scope, ledgerId, size, root }: Header): string {
  const period = scope.period === null ? 'all periods' : `the period ${scope.period}`;
  const user = scope.user_id === null ? 'all users' : `the user ${scope.user_id}`;
  return `A bundle of the ledger ${ledgerId}: ${period}, ${user}, by its first ${counted(size, 'event')}, whose root is ${root}.`;
}

function counts({ events, left_out, rederived }: Report): string[] {
  const held = `It has ${counted(events, 'event')}, and ${left_out === 1 ? 'the hash' : 'hashes'} for ${left_out} that ${left_out === 1 ? 'is' : 'are'} left out.`;
  if (rederived === null) return [held];
  const { usage_logs, summaries, adjustments, waiting, cost_cents } = rederived;
  const money = Object.entries(cost_cents).map(
    ([currency, cents]) => `${counted(cents, 'cent')} ${currency}`,
  );
  return [
    held,
    `From them follow ${counted(usage_logs, 'usage log')}, ${counted(adjustments, 'adjustment')} and ${counted(summaries, 'summary', 'summaries')}: ${money.join(', ') || 'no cents'}. ${counted(waiting, 'attempt')} ${waiting === 1 ? 'waits' : 'wait'}.`,
  ];
}

function witnessesOf({ witnesses }: Report): string[] {
  if (witnesses === null) return [];
  const { given, signed, behind } = witnesses;
  const each = [...signed, ...behind].map(
    ({ name, size, at }) => `${name} (${counted(size, 'event')}, at ${at})`,
  );
  return [
    `${signed.length} of the ${given} witnesses that you gave cosigned all of these events${each.length === 0 ? '' : `: ${each.join(', ')}`}.`,
  ];
}

function restoresOf({ restores }: Report): string[] {
  return restores.map(({ index, size, given_up, reason, author }) => {
    const roots = counted(given_up.length, 'signed root');
    const range =
      given_up.length === 0 ? '' : `, of ${given_up[0]} to ${counted(given_up.at(-1)!, 'event')}`;
    return `The ledger was restored from a backup at event ${index}, when it had ${counted(size, 'event')} (${author}: ${reason}). It gave up ${roots}${range}: the events that they were signed for are no longer in it.`;
  });
}

function signatureOf({ signature, key, keys_later, header }: Report): string {
  switch (signature) {
    case 'given_key':
      if (keys_later > 0) {
        const place = keys_later === 1 ? 'the key after' : `the key ${keys_later} places after`;
        return `The root is signed by ${key}, ${place} the one that you gave. Each key names the next.`;
      }
      return `The root is signed by the key that you gave, ${key}.`;
    case 'own_key':
      return `The root is signed by the key that the file names, ${key}. That proves that the file is whole, but not who made it: to know that, give the ledger's key with --key.`;
    case 'none':
      return header?.checkpoint === null
        ? 'The root is not signed: nothing in the file shows who made it.'
        : 'The signature of the root could not be checked.';
  }
}

function counted(number: number | string, noun: string, many = `${noun}s`): string {
  return `${number} ${String(number) === '1' ? noun : many}`;
}
