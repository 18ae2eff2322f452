import { BundleCheck, type Report } from './check-bundle';
import { inWords } from './words';

const HEADER = {
  line: 'header',
  format: 'minutebook-bundle',
  version: 1,
  scope: { period: null, user_id: null },
  ledger_id: 'a-ledger',
  billing_time_zone: 'UTC',
  made_at: '2026-11-20T00:00:00.000Z',
  size: 1,
  root: '0'.repeat(64),
  close_sizes: [],
  checkpoint: null,
  vkey: null,
  handovers: [],
};
const TRUE_END = 'Everything that the bundle states follows.';
/** Clears the screen, says that all is well, and turns around what follows. */
const HOSTILE = `x\r\n\u001b[2J${TRUE_END}\u0085\u009b8m\u2028\u2029\u061c\u202e\u2066`;
const SHOWN = `x\\u000d\\u000a\\u001b[2J${TRUE_END}\\u0085\\u009b8m\\u2028\\u2029\\u061c\\u202e\\u2066`;

/** A report on a bundle whose second line is of this kind, and whose ledger was restored for this reason. */
function reportOn(text: string): Report {
  const check = new BundleCheck(undefined);
  check.take(1, JSON.stringify(HEADER));
  check.take(2, JSON.stringify({ line: text }));
  const restored = { index: 1, size: 1, given_up: [], reason: text, author: text };
  return { ...check.report(), restores: [restored] };
}

describe('the words of a report', () => {
  it('show what a terminal would obey in a text of the file, and keep it on its line', () => {
    const said = inWords(reportOn(HOSTILE)).split('\n');
    expect(said).toHaveLength(inWords(reportOn('plain')).split('\n').length);
    expect(said).not.toContain(TRUE_END);
    expect(said).toContain(`- line 2: A line of the kind ${SHOWN} does not belong here.`);
    expect(said.join('')).toContain(`(${SHOWN}: ${SHOWN})`);
    expect(said.join('')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
  });

  it('leave other texts as they are', () => {
    expect(inWords(reportOn('Größe 語 👩‍👧 \\n'))).toContain('of the kind Größe 語 👩‍👧 \\n does not');
  });
});
