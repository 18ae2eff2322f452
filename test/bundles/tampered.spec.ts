import { createHash } from 'node:crypto';

import { fillLedger, NOW } from '../support/audited';
import { check, makeSigner } from '../support/bundled';
import { TestService } from '../support/service';

type Line = Record<string, unknown>;
type Edit = (lines: Line[]) => Line[] | void;

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const leafHash = (leaf: string) => sha256(`\u0000${leaf}`);

/** Puts the last line right, as a forger would: counts and digest fit what stands before it. */
function sealed(lines: readonly Line[]): string[] {
  const kept = lines.filter((one) => one['line'] !== 'end');
  const of = (kind: string) => kept.filter((one) => one['line'] === kind);
  const texts = kept.map((one) => JSON.stringify(one));
  const events = of('event').length;
  const left_out = of('left_out').reduce(
    (sum, one) => sum + Number(one['to']) - Number(one['from']),
    0,
  );
  const held = events + of('left_out').length + of('header').length;
  const digest = sha256(texts.map((text) => `${text}\n`).join(''));
  const end = { line: 'end', events, left_out, stated: kept.length - held, sha256: digest };
  return [...texts, JSON.stringify(end)];
}

const find = (lines: Line[], part: string, kind = 'event'): Line => {
  const found = lines.find((one) => one['line'] === kind && JSON.stringify(one).includes(part));
  if (found === undefined) throw new Error(`No line of the kind ${kind} has ${part}.`);
  return found;
};

/** Changes a leaf, and its hash so that the line itself fits. */
const inLeaf =
  (part: string, from: string, to: string): Edit =>
  (lines) => {
    const line = find(lines, part);
    const leaf = String(line['leaf']);
    if (!leaf.includes(from)) throw new Error(`The leaf has no ${from}.`);
    line['leaf'] = leaf.replace(from, to);
    line['hash'] = leafHash(String(line['leaf']));
  };

const inLine =
  (kind: string, part: string, change: object): Edit =>
  (lines) =>
    void Object.assign(find(lines, part, kind), change);

const without =
  (kind: string, part: string): Edit =>
  (lines) => {
    const gone = find(lines, part, kind);
    return lines.filter((one) => one !== gone);
  };

const twice =
  (kind: string, part: string): Edit =>
  (lines) => {
    const found = find(lines, part, kind);
    return lines.flatMap((one) => (one === found ? [one, { ...one }] : [one]));
  };

const swapped: Edit = (lines) => {
  const [a, b] = [find(lines, 'session-a-1'), find(lines, 'session-a-2')];
  [a['leaf'], b['leaf']] = [b['leaf'], a['leaf']];
  [a['hash'], b['hash']] = [b['hash'], a['hash']];
};

describe('a bundle that was tampered with', () => {
  let service: TestService;
  let key: string;
  let texts: string[];
  const lines = () => texts.map((text) => JSON.parse(text) as Line);
  const problems = (edited: readonly string[], by = key) =>
    check(edited, by)
      .problems.map(({ line, text }) => `${line}: ${text}`)
      .join('\n');

  beforeAll(async () => {
    service = await TestService.start({ now: () => NOW });
    await fillLedger(service);
    const { body } = await service.get<{ verifier_keys: string[]; size: number }>('/v1/audit/root');
    key = body.verifier_keys[0]!;
    const response = await fetch(`${service.service.url}/v1/audit/bundle?period=2026-10`);
    texts = (await response.text()).trimEnd().split('\n');
  });

  afterAll(() => service.close());

  it('checks while nobody did', () => {
    expect(check(texts, key)).toMatchObject({ holds: true, problem_count: 0 });
    expect(check(sealed(lines()), key)).toMatchObject({ holds: true });
  });

  const ROOT = /The root of the \d+ events is .*an event or a hash of what is left out was changed/;

  it.each<[what: string, edit: Edit, found: RegExp]>([
    ['seconds', inLeaf('session-a-1', '"91"', '"61"'), ROOT],
    ['a user', inLeaf('session-a-1', '"user_id":"ann"', '"user_id":"bob"'), ROOT],
    [
      'when it was recorded',
      inLeaf('session-a-1', '"recorded_at":"2026', '"recorded_at":"2025'),
      ROOT,
    ],
    ['an adjustment', inLeaf('goodwill', '"amount_cents":-1', '"amount_cents":-9'), ROOT],
    ['the card', inLeaf('ledger.opened', '"amount":"0.03"', '"amount":"0.04"'), ROOT],
    ['a plan', inLeaf('plan.assigned', '"plan":"pro"', '"plan":"free"'), ROOT],
    ['personal fields', inLeaf('session-a-1', 'my interview', 'an interview'), ROOT],
    ['a hash of what is left out', inLine('left_out', 'hash', { hash: '0'.repeat(64) }), ROOT],
    ['two events that changed places', swapped, ROOT],
    [
      'what a close pins',
      inLeaf('billing_period.closed', '"cost_cents":', '"cost_cents":1'),
      /The close of 2026-10 pins the totals/,
    ],
    [
      'a leaf alone',
      (all) => void (find(all, 'session-a-1')['leaf'] = '{}'),
      /the leaf was changed/,
    ],
    [
      'an event that is missing',
      without('event', 'session-a-1'),
      /the events from \d+ to \d+ are missing/,
    ],
    [
      'left-out events that are missing',
      without('left_out', 'hash'),
      /the events from \d+ to \d+ are missing/,
    ],
    [
      'an event that stands twice',
      twice('event', 'session-a-1'),
      /stood before, or the order is wrong/,
    ],
    [
      'a line that is not known',
      (all) => [all[0]!, { line: 'note' }, ...all.slice(1)],
      /no line of the kind note/,
    ],
    [
      'an amount',
      inLine('usage_log', 'a-1~1', { cost_cents: 1 }),
      /The usage log a-1~1 \(session a-1 of ann\): cost_cents is 1, and \d+ follows/,
    ],
    [
      'billed seconds',
      inLine('usage_log', 'a-2~1', { billed_seconds: '60' }),
      /billed_seconds is "60"/,
    ],
    [
      'a log that does not follow',
      inLine('usage_log', 'a-1~1', { id: 'x~1' }),
      /which does not follow from the events/,
    ],
    [
      'a log that is missing',
      without('usage_log', 'a-1~1'),
      /The usage log a-1~1 follows from the events, and no line states it/,
    ],
    ['a log that stands twice', twice('usage_log', 'a-1~1'), /stands here a second time/],
    [
      'a summary',
      inLine('summary', '"ann"', { cost_cents: 0 }),
      /The summary ann 2026-10 TWD \(of ann\): cost_cents is 0/,
    ],
    [
      'a summary that is missing',
      without('summary', '"ann"'),
      /The summary ann 2026-10 TWD follows/,
    ],
    ['a total', inLine('totals', '2026-10', { totals: [] }), /The totals 2026-10: totals is \[\]/],
    [
      'a stated adjustment',
      inLine('adjustment', 'ann', { amount_cents: -2 }),
      /amount_cents is -2, and -1 follows/,
    ],
    [
      'the root',
      inLine('header', 'root', { root: 'f'.repeat(64) }),
      /The checkpoint signs \d+ events with the root/,
    ],
    ['the size', inLine('header', 'size', { size: 3 }), /and the header says 3 with/],
    [
      'the ledger',
      inLine('header', 'ledger_id', { ledger_id: 'other' }),
      /It opens the ledger .*, and the header says other/,
    ],
    [
      'the zone',
      inLine('header', 'UTC', { billing_time_zone: 'Asia/Taipei' }),
      /Its zone is UTC, and the header says Asia\/Taipei/,
    ],
    [
      'the scope',
      inLine('header', 'scope', { scope: { period: '2026-11', user_id: null } }),
      /does not follow from the events/,
    ],
    [
      'the sizes of closes',
      inLine('header', 'scope', { close_sizes: [] }),
      /close_sizes do not name/,
    ],
    ['no signature', inLine('header', 'scope', { checkpoint: null }), /The bundle is not signed/],
  ])('is found where it has another value of: %s', (_, edit, found) => {
    const edited = lines();
    const said = problems(sealed(edit(edited) ?? edited));
    expect(said).toMatch(found);
  });

  it('is found where the forger made a root that fits: nobody but the ledger signs it', async () => {
    const forger = await makeSigner(String(lines()[0]!['ledger_id']));
    const edited = lines();
    inLeaf('session-a-1', '"91"', '"61"')(edited);
    const root = /The root of the \d+ events is ([0-9a-f]{64})/.exec(problems(sealed(edited)))![1]!;
    const size = Number(edited[0]!['size']);
    Object.assign(edited[0]!, {
      root,
      checkpoint: forger.sign(size, root),
      vkey: forger.verifierKey,
    });
    expect(problems(sealed(edited))).toMatch(/The checkpoint is signed by another key/);
    // Without the ledger's own key that can't be seen, but the bill then does not follow either.
    const unaided = check(sealed(edited));
    expect(unaided).toMatchObject({ holds: false, signature: 'own_key' });
  });

  it('is found where it is of an older root, or another ledger', async () => {
    const other = await makeSigner('another-ledger');
    expect(problems(texts, other.verifierKey)).toMatch(/signed by another key/);
    const edited = lines();
    const { body } = await service.get<{ checkpoint: string }>('/v1/audit/root?size=5');
    edited[0]!['checkpoint'] = body.checkpoint;
    expect(problems(sealed(edited))).toMatch(/The checkpoint signs 5 events/);
  });

  it('is found where a line, or part of one, was changed and the last line was not', () => {
    const edited = [...texts];
    edited[3] = edited[3]!.replace('"91', '"61');
    edited[0] = edited[0]!.replace('"made_at":"2026', '"made_at":"2025');
    expect(problems(edited)).toMatch(/The lines before the last have the SHA-256/);
    expect(problems(texts.map((text) => text.replace(/^\{/, '{ ')))).toMatch(
      /not written as it must be/,
    );
  });

  it('is found where it was cut off, wherever that is, or goes on behind its end', () => {
    for (let length = 1; length < texts.length; length += 1) {
      expect(problems(texts.slice(0, length))).toMatch(/cut off: its last line is missing/);
    }
    expect(problems([...texts, texts.at(-1)!])).toMatch(/Something stands after the last line/);
    expect(problems(texts.slice(1))).toMatch(/This is no bundle/);
  });

  it('is found whichever character of a leaf or a stated line is another one', () => {
    for (let at = 0; at < texts.length; at += 1) {
      const text = texts[at]!;
      for (const place of [0.2, 0.5, 0.8].map((share) => Math.floor(text.length * share))) {
        const other = text[place] === '7' ? '8' : '7';
        const edited = texts.with(at, text.slice(0, place) + other + text.slice(place + 1));
        expect(check(edited, key).holds).toBe(false);
      }
    }
  });
});
