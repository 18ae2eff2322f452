import { richBundles, type RichBundles } from '../support/rich-bundles';
import { expectFound, named } from '../support/tampered';
import {
  drop,
  eventOf,
  hide,
  inLeaf,
  inLine,
  number,
  otherHash,
  renumbered,
  stated,
  swap,
  type Tampering,
  text,
  twice,
} from '../support/tampering';

const COMPLETED = 'transcription.session.completed';
const FACT = eventOf(COMPLETED, 'session-a-1');
/** The line at that index, for changes after which the event is no longer found by its type and stream. */
const PLACE = stated('event', { index: 2 });
const LOG = stated('usage_log', { id: 'a-1~1' });
const OPENED = eventOf('ledger.opened');
const CLOSE = eventOf('billing_period.closed');
const VOID = eventOf('session.voided');
const ADJUSTED = eventOf('usage.adjusted');
const ASSIGNED = eventOf('plan.assigned', 'account-dora');
const CARD = 'event.data.rate_cards.0';

/** Unless the name says otherwise, the hash is recomputed after the change. */
const FACTS: readonly Tampering[] = [
  [
    'changed seconds of a fact, with the old hash',
    inLine(
      FACT,
      'leaf',
      text((leaf) => leaf.replace('"91"', '"90"')),
    ),
    /The hash of event 2 is .*: the leaf was changed/,
    FACT,
  ],
  [
    'a changed hash alone',
    inLine(FACT, 'hash', otherHash),
    /The hash of event 2 is .*: the leaf was changed/,
    FACT,
  ],
  [
    'changed seconds of a fact',
    inLeaf(FACT, 'event.data.duration_seconds', '600'),
    /log a-1~1 .*duration_seconds is "91", but "600" follows/,
    LOG,
  ],
  [
    'the same seconds in another spelling',
    inLeaf(FACT, 'event.data.duration_seconds', '91.0'),
    /The root of the 62 events is/,
  ],
  [
    'a changed provider of a fact',
    inLeaf(FACT, 'event.data.stt_provider', 'assemblyai'),
    /a-1~1 .*stt_provider is "google"/,
    LOG,
  ],
  [
    'a time changed by a millisecond',
    inLeaf(FACT, 'event.time', '2026-10-05T10:00:00.001Z'),
    /completed_at is "2026-10-05T10:00:00.000Z", but "2026-10-05T10:00:00.001Z" follows/,
    LOG,
  ],
  [
    'a time moved into another month',
    inLeaf(FACT, 'event.time', '2026-09-30T23:59:59.999Z'),
    /billing_period is "2026-10", but "2026-09" follows/,
    LOG,
  ],
  [
    'a changed time of recording',
    inLeaf(FACT, 'recorded_at', '2026-11-19T00:00:00.000Z'),
    /The root of the 62 events is .*, but the header says/,
  ],
  [
    'a changed file name, on which no amount depends',
    inLeaf(FACT, 'event.personal.original_filename', 'x'),
    /The root of the 62 events is/,
  ],
  [
    'a fact given to another user',
    inLeaf(FACT, 'event.data.user_id', 'bob'),
    /a-1~1 .*user_id is "ann", but "bob" follows/,
    LOG,
  ],
  [
    'a changed stream of an event',
    inLeaf(FACT, 'stream', 'session-a-2'),
    /Event 2: It is on the stream session-a-2/,
    PLACE,
  ],
  [
    'a second outcome of an attempt',
    inLeaf(eventOf(COMPLETED, 'session-a-3'), 'event.data.attempt', 1),
    /Attempt 1 of the session a-3 has two outcomes/,
  ],
  [
    'a changed type of an event',
    inLeaf(eventOf(COMPLETED, 'session-a-2'), 'type', 'transcription.session.paused'),
    /Event 3: The event has the type transcription.session.paused, which this checker does not know/,
    stated('event', { index: 3 }),
  ],
  [
    'a changed version of an event',
    inLeaf(FACT, 'event.version', 3),
    /Event 2: The event has version 3/,
    FACT,
  ],
  [
    'a plan assignment without the author that its version has',
    inLeaf(ASSIGNED, 'event.request', { key: 'k', digest: 'd' }),
    /"author"/,
    ASSIGNED,
  ],
  [
    'a field that a leaf does not have',
    inLeaf(FACT, 'more', 1),
    /Event 2: A leaf must have stream, type, recorded_at and event/,
    FACT,
  ],
  [
    'a space added to a leaf',
    inLine(
      FACT,
      'leaf',
      text((leaf) => leaf.replace(',', ', ')),
    ),
    /Event 2: The leaf is not written as it must be/,
    FACT,
  ],
  [
    'a field that an event does not have',
    inLine(FACT, 'more', 1),
    /An event has the members line, index, leaf, hash, more, and must have/,
    FACT,
  ],
];

const ORDER: readonly Tampering[] = [
  [
    'a dropped event',
    drop(FACT),
    /After the first 2 events come those from index 3: the events from 2 to 2 are missing/,
  ],
  [
    'a dropped event, with the others renumbered',
    renumbered(drop(FACT)),
    /has the events up to 61, but its header says that there are 62/,
  ],
  ['a repeated event', twice(FACT), /index 2: the events from 2 on came before/],
  [
    'a repeated event, with the others renumbered',
    renumbered(twice(FACT)),
    /Event 3: The session a-1 already has the fact \S+ of \S+, at index 2/,
  ],
  ['two swapped events', swap(FACT), /the events from 2 to 2 are missing/],
  ['two swapped events, renumbered', renumbered(swap(FACT)), /The root of the 62 events is/],
  [
    'an event hidden behind its hash',
    hide(FACT),
    /The bundle covers everything, but leaves out the events from 2 to 2/,
  ],
];

const FINANCE: readonly Tampering[] = [
  [
    'a dropped void',
    renumbered(drop(VOID)),
    /The session a-wrong belongs to ann, but the fact names bob/,
  ],
  [
    'a void moved to another session',
    inLeaf(VOID, 'stream', 'session-a-2'),
    /The session a-wrong belongs to ann, but the fact names bob/,
  ],
  [
    'a flipped sign of an adjustment',
    inLeaf(
      ADJUSTED,
      'event.data.amount_cents',
      number((cents) => -cents),
    ),
    /adjustment \S+ \(of ann\): amount_cents is -1, but 1 follows/,
  ],
  [
    'a changed month of an adjustment',
    inLeaf(ADJUSTED, 'event.data.period', '2026-09'),
    /adjustment \S+ \(of ann\): billing_period is "2026-10", but "2026-09" follows/,
  ],
  [
    'a changed user of an adjustment',
    inLeaf(ADJUSTED, 'stream', 'account-bob'),
    /adjustment \S+ \(of ann\): user_id is "ann", but "bob" follows/,
  ],
  [
    'a changed amount of a card',
    inLeaf(OPENED, `${CARD}.prices.default.amount`, '0.04'),
    /log a-1~1 .*cost is "0.06", but "0.08" follows/,
    LOG,
  ],
  [
    'a changed rounding of a card',
    inLeaf(OPENED, `${CARD}.rounding`, 'down'),
    /usage log a-2~1 .*cost_cents is/,
  ],
  [
    'a changed surcharge of a card',
    inLeaf(OPENED, `${CARD}.surcharges.per_extra_speaker`, '0'),
    /usage log a-2~1 .*cost is/,
  ],
  [
    'a price removed from a card',
    inLeaf(OPENED, `${CARD}.prices.default`, () => undefined),
    /usage log a-1~1, which does not follow/,
  ],
  [
    'a changed tier of a later card',
    inLeaf(eventOf('rate_card.published'), 'event.data.prices.deepgram.tiers.1.flat_amount', '0'),
    /usage log d-0~1 .*cost is/,
  ],
  [
    'changed included minutes of a plan',
    inLeaf(eventOf('plan.defined'), 'event.data.included_minutes', '0'),
    /d-0~1 .*included_seconds is "150", but "0" follows/,
  ],
  [
    'a changed currency of an assignment',
    inLeaf(ASSIGNED, 'event.data.currency', null),
    /d-0~1 .*currency is "EUR", but "TWD" follows/,
  ],
  [
    'a plan whose definition is left out',
    hide(eventOf('plan.defined')),
    /Event \d+: The plan some was never defined/,
    ASSIGNED,
  ],
  [
    'an adjustment that voids one that is not there',
    inLeaf(ADJUSTED, 'event.data.voids', 'another'),
    /Event \d+: It voids the adjustment another, which ann does not have/,
    ADJUSTED,
  ],
  [
    'a changed number of events that a close counts',
    inLeaf(CLOSE, 'event.data.size', 50),
    /Event 51: The close of 2026-10 counts 50 events, but the header's close_sizes do not name that size/,
    CLOSE,
  ],
  [
    'a changed root in a close',
    inLeaf(CLOSE, 'event.data.root', otherHash),
    /Event 51: The close of 2026-10 pins the root/,
    CLOSE,
  ],
  [
    'changed totals in a close',
    inLeaf(CLOSE, 'event.data.totals.0.cost_cents', 31),
    /The close of 2026-10 pins the totals/,
    CLOSE,
  ],
  [
    'a changed month of a close',
    inLeaf(CLOSE, 'event.data.period', '2026-09'),
    /Event 51: It is on the stream billing_period-2026-10/,
    CLOSE,
  ],
  [
    'a dropped close',
    renumbered(drop(CLOSE)),
    /The header's close_sizes name 51, but no close counts that many events/,
  ],
  [
    'a changed id of the opened ledger',
    inLeaf(OPENED, 'event.data.ledger_id', 'another'),
    /Event 0: It opens the ledger another, but the header says/,
    OPENED,
  ],
  [
    'a changed time zone of the ledger',
    inLeaf(OPENED, 'event.data.billing_time_zone', 'Asia/Taipei'),
    /Event 0: Its zone is Asia\/Taipei, but the header says UTC/,
    OPENED,
  ],
];

describe('the checker, on a bundle with tampered events', () => {
  let bundles: RichBundles;

  beforeAll(async () => {
    bundles = await richBundles();
  });

  it.each(named(...FACTS, ...ORDER, ...FINANCE))('finds %s', (_, tampering) =>
    expectFound(bundles.all, bundles.key, tampering),
  );
});
