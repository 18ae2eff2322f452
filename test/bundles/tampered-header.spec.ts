import { check, makeSigner } from '../support/bundled';
import { richBundles, type RichBundles } from '../support/rich-bundles';
import { expectFound, named } from '../support/tampered';
import {
  inLine,
  otherHash,
  reseal,
  stated,
  type Tampering,
  text,
  toTheEnd,
} from '../support/tampering';

const HEADER = stated('header');
const checkpoint = (change: (note: string) => string) => inLine(HEADER, 'checkpoint', text(change));
/** Changes one letter in the middle of the signature. */
const otherSignature = (note: string) => {
  const at = note.length - 40;
  return note.slice(0, at) + (note[at] === 'A' ? 'B' : 'A') + note.slice(at + 1);
};

const TAMPERINGS: readonly Tampering[] = [
  [
    'a changed root',
    inLine(HEADER, 'root', otherHash),
    /The checkpoint signs 62 events with the root/,
    HEADER,
  ],
  ['a changed size', inLine(HEADER, 'size', 63), /those from index 62 on are missing/],
  [
    'a size that is too small',
    inLine(HEADER, 'size', 61),
    /the header says that there are only 61 events/,
  ],
  ['a changed ledger', inLine(HEADER, 'ledger_id', 'another'), /but the header says another/],
  [
    'a changed time zone',
    inLine(HEADER, 'billing_time_zone', 'Asia/Taipei'),
    /Event 0: Its zone is UTC, but the header says Asia\/Taipei/,
  ],
  [
    'a changed user',
    inLine(HEADER, 'scope.user_id', 'ann'),
    /the usage log b-1~1, which does not follow/,
  ],
  [
    'a user that is a sentence',
    inLine(HEADER, 'scope.user_id', 'ann\nEverything that the bundle states follows.'),
    /"user_id" of .* is not an id/,
    HEADER,
  ],
  [
    'a ledger that is a sentence',
    inLine(HEADER, 'ledger_id', 'x. Everything that the bundle states follows.'),
    /"ledger_id" of .* is not an id/,
    HEADER,
  ],
  [
    'a changed month',
    inLine(HEADER, 'scope.period', '2026-10'),
    /the usage log b-2~1, which does not follow/,
  ],
  [
    'a month that is not one',
    inLine(HEADER, 'scope.period', '2026-13'),
    /"period" of .* is not a month/,
    HEADER,
  ],
  [
    'removed sizes of closes',
    inLine(HEADER, 'close_sizes', []),
    /the header's close_sizes do not name that size/,
  ],
  [
    'a size that no close has',
    inLine(HEADER, 'close_sizes', [7, 51]),
    /The header's close_sizes name 7, but no close counts that many events/,
  ],
  [
    'a repeated size of a close',
    inLine(HEADER, 'close_sizes', [51, 51]),
    /"close_sizes" in the header are not ascending whole numbers/,
    HEADER,
  ],
  ['a changed format', inLine(HEADER, 'format', 'something'), /This is not a bundle/, HEADER],
  ['a changed version', inLine(HEADER, 'version', 3), /The bundle has version 3/, HEADER],
  [
    'a version without a field that it needs',
    inLine(HEADER, 'version', 2),
    /must have .*witnessed/,
    HEADER,
  ],
  [
    'a time that is not one',
    inLine(HEADER, 'made_at', '2026-11-20'),
    /"made_at" of .* is not a time/,
    HEADER,
  ],
  [
    'a changed letter of the signature',
    checkpoint(otherSignature),
    /The signature of the checkpoint is wrong/,
    HEADER,
  ],
  [
    'a changed size in the signed note',
    checkpoint((note) => note.replace('\n62\n', '\n61\n')),
    /The signature of the checkpoint is wrong/,
    HEADER,
  ],
  [
    'a changed log in the signed note',
    checkpoint((note) => `x${note}`),
    /The signature of the checkpoint is wrong/,
    HEADER,
  ],
  [
    'a changed signer',
    checkpoint((note) => note.replace('— minutebook', '— someone')),
    /The checkpoint is signed by another key/,
    HEADER,
  ],
  [
    'a note without signatures',
    checkpoint((note) => note.slice(0, note.indexOf('—'))),
    /The checkpoint is not a signed note/,
    HEADER,
  ],
  ['a missing checkpoint', inLine(HEADER, 'checkpoint', null), /The bundle is not signed/, HEADER],
  [
    'a missing key',
    inLine(HEADER, 'vkey', null),
    /does not name the key of its checkpoint/,
    HEADER,
  ],
  [
    'a changed name of the key',
    inLine(
      HEADER,
      'vkey',
      text((key) => `x${key}`),
    ),
    /The key's id is/,
    HEADER,
  ],
  [
    'a field that a header does not have',
    inLine(HEADER, 'more', 1),
    /The header has the members .*more/,
    HEADER,
  ],
  [
    'a field that the scope does not have',
    inLine(HEADER, 'scope.more', 1),
    /The scope of the header has the members .*more/,
    HEADER,
  ],
  [
    'fields in another order',
    toTheEnd(HEADER, 'format'),
    /The header has the members .*format, and must have/,
    HEADER,
  ],
];

describe('the checker, on a bundle with a tampered header', () => {
  let bundles: RichBundles;

  beforeAll(async () => {
    bundles = await richBundles();
  });

  it('accepts the bundle before it is changed, and with its last line recomputed', () => {
    for (const lines of [bundles.all, bundles.october]) {
      expect(reseal(lines)).toEqual(lines);
      expect(check(lines, bundles.key)).toMatchObject({ holds: true, problems: [] });
    }
  });

  it.each(named(...TAMPERINGS))('finds %s', (_, tampering) =>
    expectFound(bundles.all, bundles.key, tampering),
  );

  it('finds a checkpoint signed by another key, with that key in the header', async () => {
    const stranger = await makeSigner();
    const { size, root } = JSON.parse(bundles.all[0]!) as { size: number; root: string };
    const signed = inLine(HEADER, 'checkpoint', stranger.sign(size, root))(bundles.all);
    const named = inLine(HEADER, 'vkey', stranger.verifierKey);
    const said = /The checkpoint is signed by another key: minutebook\/generated/;
    expectFound(signed, bundles.key, ['a checkpoint signed by another key', named, said, HEADER]);
    const { problems } = check(reseal(named(signed)));
    expect(problems[0]!.text).toContain('The checkpoint belongs to the log minutebook/generated');
  });

  it('finds another key in the header, over the old signature', async () => {
    const { verifierKey } = await makeSigner();
    const said = /The checkpoint is signed by another key/;
    const named = inLine(HEADER, 'vkey', verifierKey);
    expectFound(bundles.all, bundles.key, ['another key in the header', named, said, HEADER]);
  });

  it('finds the events of another ledger', async () => {
    const strange = await richBundles();
    const isEvent = (line: string) => line.startsWith('{"line":"event"');
    const said = /Event 0: It opens the ledger .*, but the header says/;
    expectFound(bundles.all, bundles.key, [
      'events of another ledger',
      ([header, ...lines]) => [
        header!,
        ...strange.all.filter(isEvent),
        ...lines.filter((line) => !isEvent(line)),
      ],
      said,
      stated('event', { index: 0 }),
    ]);
  });
});
