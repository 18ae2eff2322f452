import { richBundles, type RichBundles } from '../support/rich-bundles';
import { expectFound, named } from '../support/tampered';
import {
  drop,
  eventOf,
  hide,
  inLine,
  number,
  otherHash,
  placeOf,
  put,
  respell,
  stated,
  type Tampering,
  toTheEnd,
  twice,
} from '../support/tampering';

const LOG = stated('usage_log', { id: 'a-1~1' });
const ADJUSTED = stated('adjustment', { user_id: 'bob' });
const WAITING = stated('waiting');
const ANN = stated('summary', { user_id: 'ann', period: '2026-10' });
const EUROS = stated('summary', { user_id: 'ann', currency: 'EUR' });
const TOTALS = stated('totals', { period: '2026-11' });
const LEFT_OUT = stated('left_out');
const FACT = eventOf('transcription.session.completed', 'session-a-1');
const increment = number((old) => old + 1);

const isLog = (line: string) => line.startsWith('{"line":"usage_log"');

const STATED: readonly Tampering[] = [
  [
    'two swapped lines of a kind',
    (lines) => {
      const at = lines.findIndex(isLog);
      return [...lines.slice(0, at), lines[at + 1]!, lines[at]!, ...lines.slice(at + 2)];
    },
    /comes after the usage_log .*: lines must be sorted by kind/,
  ],
  [
    'a summary before the logs',
    (lines) => {
      const first = lines.findIndex(isLog);
      const summary = lines.findIndex((line) => line.startsWith('{"line":"summary"'));
      const rest = lines.filter((_, at) => at !== summary);
      return [...rest.slice(0, first), lines[summary]!, ...rest.slice(first)];
    },
    /comes after the summary .*: lines must be sorted by kind/,
  ],
  [
    'changed cents of a log',
    inLine(LOG, 'cost_cents', 7),
    /The usage log a-1~1 \(session a-1 of ann\): cost_cents is 7, but 6 follows/,
    LOG,
  ],
  [
    'a changed cost of a log',
    inLine(LOG, 'cost', '0.060000000001'),
    /a-1~1 .*cost is "0.060000000001", but "0.06" follows/,
    LOG,
  ],
  [
    'another spelling of a cost',
    inLine(LOG, 'cost', '0.060'),
    /cost is "0.060", but "0.06" follows/,
    LOG,
  ],
  [
    'a number written as a text',
    inLine(LOG, 'cost_cents', '6'),
    /cost_cents is "6", but 6 follows/,
    LOG,
  ],
  [
    'a log wrongly marked as late',
    inLine(LOG, 'late', true),
    /late is true, but false follows/,
    LOG,
  ],
  [
    'a changed billing reason',
    inLine(LOG, 'billing_reason', 'retranscription'),
    /billing_reason is "retranscription"/,
    LOG,
  ],
  [
    'a field that logs do not have',
    inLine(LOG, 'more', null),
    /more is null, but nothing follows/,
    LOG,
  ],
  [
    'a removed field',
    inLine(LOG, 'late', () => undefined),
    /late is nothing, but false follows/,
    LOG,
  ],
  [
    'fields in another order',
    toTheEnd(LOG, 'attempt'),
    /a-1~1 .*: its fields are in another order/,
    LOG,
  ],
  [
    'a dropped log',
    drop(LOG),
    /The usage log a-1~1 follows from the events, but no line states it/,
  ],
  ['a repeated log', twice(LOG), /The usage log a-1~1 is stated a second time/],
  [
    'an invented log',
    put(LOG, (line) => [line, line.replaceAll('a-1', 'a-9')]),
    /states the usage log a-9~1, which does not follow/,
    stated('usage_log', { id: 'a-9~1' }),
  ],
  [
    'a log before the events',
    (lines) => [lines[0]!, lines[placeOf(lines, LOG)]!, ...drop(LOG)(lines).slice(1)],
    /This event comes after the end of the events/,
  ],
  [
    'a changed adjustment',
    inLine(ADJUSTED, 'amount_cents', -250),
    /adjustment \S+ \(of bob\): amount_cents is -250, but 250 follows/,
    ADJUSTED,
  ],
  [
    'a dropped adjustment',
    drop(ADJUSTED),
    /The adjustment \S+ follows from the events, but no line states it/,
  ],
  [
    'a changed reason why an attempt waits',
    inLine(WAITING, 'status', 'unrated'),
    /waiting a-waits 2 .*status is "unrated", but "pending" follows/,
    WAITING,
  ],
  ['a dropped waiting attempt', drop(WAITING), /The waiting a-waits 2 follows from the events/],
  [
    'changed cents of a summary',
    inLine(ANN, 'cost_cents', 0),
    /The summary ann 2026-10 TWD \(of ann\): cost_cents is 0/,
    ANN,
  ],
  [
    'changed failures of a summary',
    inLine(ANN, 'failed_attempts', 0),
    /failed_attempts is 0, but 1 follows/,
    ANN,
  ],
  [
    'changed cents of a provider in a summary',
    inLine(ANN, 'by_provider.0.cost_cents', increment),
    /summary ann 2026-10 TWD .*by_provider is/,
    ANN,
  ],
  [
    'a changed currency of a summary',
    inLine(ANN, 'currency', 'EUR'),
    /states the summary ann 2026-10 EUR, which does not follow/,
    EUROS,
  ],
  [
    'a changed number of users in totals',
    inLine(TOTALS, 'totals.0.users', increment),
    /The totals 2026-11: totals is/,
    TOTALS,
  ],
  ['dropped totals', drop(TOTALS), /The totals 2026-11 follows from the events/],
];

const SPELLED: readonly Tampering[] = [
  [
    'another spelling of a number',
    respell(LOG, '"cost_cents":6', '"cost_cents":6.0'),
    /The line is not written as it must be/,
  ],
  [
    'an exponent',
    respell(LOG, '"cost_cents":6', '"cost_cents":6e0'),
    /The line is not written as it must be/,
  ],
  [
    'a repeated field',
    respell(LOG, '"cost_cents":6', '"cost_cents":7,"cost_cents":6'),
    /The line is not written as it must be/,
  ],
  [
    'an unnecessary escape',
    respell(LOG, '"ann"', '"\\u0061nn"'),
    /The line is not written as it must be/,
  ],
  ['a space', respell(LOG, ',', ', '), /The line is not written as it must be/],
  ['a carriage return', put(LOG, (line) => [`${line}\r`]), /The line is not written as it must be/],
  [
    'a line of another kind',
    put(LOG, (line) => [line, '{"line":"note","text":"x"}']),
    /A line of the kind note does not belong here/,
  ],
  [
    'a line that is not an object',
    put(LOG, (line) => [line, '[]']),
    /The line is not a JSON object/,
  ],
  ['an empty line', put(LOG, (line) => [line, '']), /The line is not JSON/],
];

/** Changes to the bundle of a closed month, which leaves most events out. */
const LEFT: readonly Tampering[] = [
  [
    'a changed hash of the events left out',
    inLine(LEFT_OUT, 'hash', otherHash),
    /The root of the 62 events is/,
  ],
  ['a dropped line of the events left out', drop(LEFT_OUT), /are missing/],
  [
    'a changed end of the events left out',
    inLine(LEFT_OUT, 'to', increment),
    /are not a full subtree/,
    LEFT_OUT,
  ],
  [
    'a changed start of the events left out',
    inLine(LEFT_OUT, 'from', increment),
    /are missing/,
    LEFT_OUT,
  ],
  [
    'an extra field in the line of the events left out',
    inLine(LEFT_OUT, 'more', 1),
    /A line of events left out has the members .*more/,
    LEFT_OUT,
  ],
  ['an event hidden behind its hash', hide(FACT), /usage log a-1~1, which does not follow/, LOG],
  [
    'an event hidden behind its hash, with everything that was stated about it',
    (lines) => hide(FACT)(drop(LOG)(lines)),
    /The close of 2026-10 pins the totals/,
  ],
];

describe('the checker, on a bundle with tampered statements', () => {
  let bundles: RichBundles;

  beforeAll(async () => {
    bundles = await richBundles();
  });

  it.each(named(...STATED, ...SPELLED))('finds %s', (_, tampering) =>
    expectFound(bundles.all, bundles.key, tampering),
  );

  it.each(named(...LEFT))('finds, in the bundle of a month, %s', (_, tampering) =>
    expectFound(bundles.october, bundles.key, tampering),
  );
});
