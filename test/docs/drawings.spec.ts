import type { Browser } from 'playwright-core';

import { HAS_BROWSER, startBrowser } from '../support/browser';
import { files, markdownFiles, read } from '../support/markdown';
import { ruleExamples, type Table } from '../support/rule-examples';

const drawings = files('docs/images').filter((path) => path.endsWith('.svg'));
const nameOf = (path: string) => path.slice('docs/images/'.length);
/** Where each image is shown, with its alternative text. */
const shown = markdownFiles().flatMap((page) =>
  [...read(page).matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)].map(([, text = '', link = '']) => ({
    name: link.replace(/^.*\/images\//, ''),
    text,
  })),
);

/** The texts of a drawing, in document order. */
const textsOf = (name: string) =>
  [...read(`docs/images/${name}.svg`).matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(
    ([, text]) => text!,
  );
/** The table of an example of the rules; tests run the example through the service and the checker. */
const tableOf = (name: string): Table =>
  ruleExamples().find((one) => one.name === name)!.tables[0]!;

describe('the drawings', () => {
  it('are five', () => {
    expect(drawings.map(nameOf).sort()).toEqual([
      'attempt-states.svg',
      'bundle.svg',
      'close-with-late-events.svg',
      'event-to-bill.svg',
      'running-total-to-cents.svg',
    ]);
  });

  it.each(drawings)('%s is shown in a page, with a text for those who cannot see it', (path) => {
    const places = shown.filter(({ name }) => name === nameOf(path));
    expect(places.length).toBeGreaterThan(0);
    for (const { text } of places) expect(text.length).toBeGreaterThan(80);
    expect(read(path)).toMatch(
      /<svg [^>]*role="img"[^>]*>\n {2}<title>.+<\/title>\n {2}<desc>.{80,}<\/desc>/,
    );
  });

  it.each(drawings)('%s has its own background, and nothing that a policy would refuse', (path) => {
    const svg = read(path);
    expect(svg).toMatch(/<\/desc>\n {2}<rect width="720" height="\d+" rx="10" fill="#fbfaf6" \/>/);
    expect(svg.match(/<(style|script|image|foreignObject)| style=| href=| on[a-z]+=/g)).toBeNull();
  });

  it.each(drawings)('%s has no tiny text', (path) => {
    const sizes = [...read(path).matchAll(/font-size="([^"]+)"/g)].map(([, size]) => Number(size));
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(13);
  });
});

describe('what the drawings say', () => {
  it('about cents is the example of the rules', () => {
    const table = tableOf('cents are steps');
    const column = (name: string) => table.map((row) => row[name]!);
    const texts = textsOf('running-total-to-cents');
    const after = (label: string) => texts.slice(texts.indexOf(label) + 1).slice(0, table.length);
    expect(after('log')).toEqual(column('session_id'));
    for (const label of ['cost', 'running total', 'whole cents', 'cost_cents']) {
      expect([label, after(label)]).toEqual([label, column(label)]);
    }
  });

  it('about a close is the example of the rules', () => {
    const table = tableOf('late logs, and a close with a gap');
    const desc = read('docs/images/close-with-late-events.svg');
    const centsOf = (period: string) =>
      table
        .filter((row) => row['billing_period'] === period)
        .reduce((sum, row) => sum + Number(row['cost_cents']), 0);
    expect(textsOf('close-with-late-events').slice(-2)).toEqual([
      `${centsOf('2026-09')} cents`,
      `${centsOf('2026-10')} cents`,
    ]);
    const inOctober = table.filter((row) => row['billing_period'] === '2026-10');
    const late = inOctober.filter((row) => row['late'] === 'true').map((row) => row['session_id']);
    expect(inOctober[0]!['session_id']).toBe('d');
    expect(desc).toContain(`holds d, and after it ${late.join(' and ')}, which are late`);
  });

  it('about attempts is the example of the rules', () => {
    const [, waiting] = ruleExamples().find(
      (one) => one.name === 'the first success is billed',
    )!.tables;
    const logs = tableOf('the first success is billed').map(
      (row) => `${row['attempt']} ${row['billing_reason']} ${row['cost_cents']}`,
    );
    expect(logs).toEqual(['2 first_success_after_failure 5', '4 retry_after_failure_free 0']);
    expect(waiting).toMatchObject([{ waiting: 'b', attempt: '2', status: 'pending' }]);
    expect(textsOf('attempt-states')).toEqual(
      expect.arrayContaining(['billed, 5 cents', 'free, 0 cents', 'pending: did']),
    );
  });

  it('about an event and its bill is what the README shows', () => {
    const readme = read('README.md');
    expect(readme).toContain('"duration_seconds": 90.5');
    expect(readme).toContain('"billed_seconds":"120", … "billable_minutes":"2","cost":"0.06"');
    const texts = textsOf('event-to-bill').join('\n');
    expect(texts).toContain('90.5 s, 120 s billed');
    expect(texts).toContain('0.06 TWD, 6 cents');
  });
});

const inBrowser = HAS_BROWSER ? describe : describe.skip;

inBrowser('the drawings, in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => (browser = await startBrowser()));
  afterAll(() => browser?.close());

  it.each(drawings)('%s has no text that is cut off or overlapped', async (path) => {
    const page = await browser.newPage();
    await page.setContent(read(path));
    const mistakes = await page.evaluate<string[]>(`(() => {
      const svg = document.querySelector('svg').getBoundingClientRect();
      const texts = [...document.querySelectorAll('svg text')];
      // A line's box is higher than its letters.
      const boxes = texts.map((text) => { const box = text.getBoundingClientRect();
        return { text: text.textContent, left: box.left, right: box.right, top: box.top + 5, bottom: box.bottom - 5 }; });
      const out = boxes.filter((box) => box.left < svg.left + 8 || box.right > svg.right - 8 || box.top < svg.top || box.bottom > svg.bottom);
      const over = boxes.flatMap((one, at) => boxes.slice(at + 1).filter((two) =>
        one.left < two.right && two.left < one.right && one.top < two.bottom && two.top < one.bottom).map((two) => one.text + ' / ' + two.text));
      return [...out.map((box) => box.text + ' is cut off'), ...over];
    })()`);
    expect(mistakes).toEqual([]);
    await page.close();
  });
});
