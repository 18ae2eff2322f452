import type { Report } from './check-bundle';
import type { Header } from './header';
import { saysNoBundle } from './no-bundle';

/** A report in plain words. */
export function inWords(report: Report): string {
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
  if (report.holds) return [...lines, 'Everything that the bundle states follows.'].join('\n');
  const other = report.problems.find(({ text }) => saysNoBundle(text));
  if (other !== undefined) return other.text;
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
  ].join('\n');
}

function describe({ scope, ledgerId, size, root }: Header): string {
  const period = scope.period === null ? 'all periods' : `the period ${scope.period}`;
  const user = scope.user_id === null ? 'all users' : `the user ${scope.user_id}`;
  return `A bundle of the ledger ${ledgerId}: ${period}, ${user}, by its first ${size} events, whose root is ${root}.`;
}

function counts({ events, left_out, rederived }: Report): string[] {
  const held = `It has ${events} events, and hashes for ${left_out} that are left out.`;
  if (rederived === null) return [held];
  const { usage_logs, summaries, adjustments, waiting, cost_cents } = rederived;
  const money = Object.entries(cost_cents).map(([currency, cents]) => `${cents} cents ${currency}`);
  return [
    held,
    `From them follow ${usage_logs} usage logs, ${adjustments} adjustments and ${summaries} summaries: ${money.join(', ') || 'no cents'}. ${waiting} attempts wait.`,
  ];
}

function witnessesOf({ witnesses }: Report): string[] {
  if (witnesses === null) return [];
  const { given, signed, behind } = witnesses;
  const each = [...signed, ...behind].map(
    ({ name, size, at }) => `${name} (${size} events, at ${at})`,
  );
  return [
    `${signed.length} of the ${given} witnesses that you gave cosigned all of these events${each.length === 0 ? '' : `: ${each.join(', ')}`}.`,
  ];
}

function restoresOf({ restores }: Report): string[] {
  return restores.map(({ index, size, given_up, reason, author }) => {
    const roots = given_up.length === 1 ? '1 signed root' : `${given_up.length} signed roots`;
    const range = given_up.length === 0 ? '' : `, of ${given_up[0]} to ${given_up.at(-1)} events`;
    return `The ledger was restored from a backup at event ${index}, when it had ${size} events (${author}: ${reason}). It gave up ${roots}${range}: the events that they were signed for are no longer in it.`;
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
