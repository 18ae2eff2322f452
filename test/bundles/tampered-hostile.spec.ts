import { inWords } from '../../src/checker/words';
import { check } from '../support/bundled';
import { richBundles, type RichBundles } from '../support/rich-bundles';
import { expectFound, named } from '../support/tampered';
import {
  eventOf,
  inLeaf,
  inLine,
  type Json,
  put,
  reseal,
  respell,
  stated,
  type Tampering,
} from '../support/tampering';

const FACT = eventOf('transcription.session.completed', 'session-a-1');
const ASSIGNED = eventOf('plan.assigned', 'account-dora');
const CLOSE = eventOf('billing_period.closed');
const OPENED = eventOf('ledger.opened');
const LOG = stated('usage_log', { session_id: 'a-1' });
const WAITING = stated('waiting');
const TOTALS = stated('totals');
const YEAR_10000 = '+010000-01-01T00:00:00.000Z';
const NO_TIME = /is not a time in UTC with milliseconds/;

const IDS: readonly Json[] = [{ toString: 1 }, { valueOf: null }, ['a-1~1'], null, true];
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
/** The line becomes one that nests a list so deep. */
const deepLine = (levels: number) =>
  put(LOG, () => [`{"line":"usage_log","session_id":"a-1","id":${nested(levels)}}`]);

const NAMES: readonly Tampering[] = [
  ...IDS.map((id): Tampering => [
    `the id ${JSON.stringify(id)} of a log`,
    inLine(LOG, 'id', id),
    /"id" of the usage_log is neither a text nor a number/,
    LOG,
  ]),
  [
    'a removed attempt of what waits',
    inLine(WAITING, 'attempt', () => undefined),
    /"attempt" of the waiting is neither a text nor a number/,
    WAITING,
  ],
  [
    'a period that is an object',
    inLine(TOTALS, 'period', { toString: 1 }),
    /"period" of the totals is neither a text nor a number/,
    TOTALS,
  ],
];

const DEEP: readonly Tampering[] = [
  ...[300, 5_000, 100_000].map((levels): Tampering => [
    `a line of ${levels} levels`,
    deepLine(levels),
    /The line is nested more than 256 levels deep/,
    LOG,
  ]),
  [
    'a leaf of 100,000 levels',
    inLine(FACT, 'leaf', `{"stream":${nested(100_000)}}`),
    /Event 2: The leaf is nested more than 256 levels deep/,
    stated('event', { index: 2 }),
  ],
  ['a line of 200 levels', deepLine(200), /"id" of the usage_log is neither/, LOG],
];

const TIMES: readonly Tampering[] = [
  ['a fact in the year 10000', inLeaf(FACT, 'event.time', YEAR_10000), NO_TIME, FACT],
  ['a fact recorded in the year 10000', inLeaf(FACT, 'recorded_at', YEAR_10000), NO_TIME, FACT],
  [
    'a fact in a year before 0',
    inLeaf(FACT, 'event.time', '-000001-01-01T00:00:00.000Z'),
    NO_TIME,
    FACT,
  ],
  [
    'a plan from the year 10000 on',
    inLeaf(ASSIGNED, 'event.data.effective_from', YEAR_10000),
    NO_TIME,
    ASSIGNED,
  ],
  [
    'a card from the year 10000 on',
    inLeaf(OPENED, 'event.data.rate_cards.0.effective_from', YEAR_10000),
    NO_TIME,
    OPENED,
  ],
  [
    'a month that ends in the year 10000',
    inLeaf(CLOSE, 'event.data.to', YEAR_10000),
    NO_TIME,
    CLOSE,
  ],
];

describe('the checker, on a bundle that was made to break it', () => {
  let bundles: RichBundles;

  beforeAll(async () => {
    bundles = await richBundles();
  });

  it.each(named(...NAMES, ...DEEP, ...TIMES))('finds %s', (_, tampering) => {
    expectFound(bundles.all, bundles.key, tampering);
    const report = check(reseal(tampering[1](bundles.all)), bundles.key);
    expect(inWords(report)).toMatch(tampering[2]);
    expect(JSON.parse(JSON.stringify(report))).toMatchObject({ holds: false });
  });

  it('finds a header that is nested too deep', () => {
    const change = respell(stated('header'), '"scope":{', `"scope":{"deep":${nested(100_000)},`);
    const { holds, header, problems } = check(change(bundles.all), bundles.key);
    expect({ holds, header }).toEqual({ holds: false, header: null });
    expect(problems).toEqual([
      { line: 1, index: null, text: 'The line is nested more than 256 levels deep.' },
    ]);
  });
});
