import { buildWithConsole, HAS_BROWSER } from '../support/browser';
import { ConsoleBrowser, goTo } from '../support/console';
import { eventually } from '../support/eventually';
import { ProcessService } from '../support/process-service';
import { completed } from '../support/service';

const inBrowser = HAS_BROWSER ? describe : describe.skip;
const LINES = 120;
/** A4 without its margins, in CSS pixels. */
const PAPER = { width: 688, height: 1002 };
const LONG = 'x'.repeat(110);

interface Style {
  readonly display: string;
  readonly breakInside: string;
  readonly backgroundColor: string;
}
/** The browser API that this spec uses in a page. */
interface InPage {
  readonly document: {
    querySelector(selector: string): object | null;
    querySelectorAll(selector: string): Iterable<{
      getBoundingClientRect(): { readonly right: number };
      readonly innerText: string;
    }>;
  };
  readonly getComputedStyle: (this: void, element: object) => Style;
}

inBrowser('a statement on paper', () => {
  let service: ProcessService;
  let console: ConsoleBrowser;

  beforeAll(async () => {
    buildWithConsole();
    service = await ProcessService.start({ BILLING_TIME_ZONE: 'UTC' });
    const time = new Date().toISOString();
    const idOf = (index: number) => (index % 4 === 0 ? `${LONG}-${index}` : `call-${index}`);
    await service.batch(
      Array.from({ length: LINES }, (_, index) =>
        completed({ session_id: idOf(index), user_id: 'ann', duration_seconds: 90 }, { time }),
      ),
    );
    await service.one(
      completed({ session_id: 'of-bob', user_id: 'bob', duration_seconds: 90 }, { time }),
    );
    await service.caughtUp();
    for (const reason of ['זיכוי על שיחה 12.50 (ticket 7)', 'Goodwill 🦊👩‍👩‍👧', 'y'.repeat(400)]) {
      const order = { user_id: 'ann', period: time.slice(0, 7), currency: 'TWD' };
      const { status } = await service.write('POST', '/v1/adjustments', {
        ...order,
        amount_cents: -7,
        reason,
      });
      expect(status).toBe(201);
    }
    console = await ConsoleBrowser.start(service.url);
  }, 180_000);
  afterAll(async () => {
    await console?.close();
    await service?.close();
  });

  it("prints every line and total, with nothing cut off at a page's edge, in dark mode too", async () => {
    const page = await console.open('#/users/ann', { colorScheme: 'dark', viewport: PAPER });
    // The print dialog would wait for a person.
    await page.evaluate('globalThis.print = () => undefined');
    await page.locator('input[type=password]').fill(service.keys.finance);
    await page.locator('button[type=submit]').click();
    await page.getByRole('button', { name: 'Print' }).click();
    await page.locator('.paper tfoot').waitFor({ state: 'attached' });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });

    expect(await page.locator('.paper tbody tr').count()).toBe(LINES);
    expect(await page.locator('.paper .total').innerText()).toMatch(
      /^Usage [\d.]+, adjustments -0\.21: billed [\d.]+ TWD$/,
    );
    for (const hidden of ['nav', '.context', '.page-actions', '.long', 'td button']) {
      expect([hidden, await page.locator(hidden).locator('visible=true').count()]).toEqual([
        hidden,
        0,
      ]);
    }
    const styles = await page.evaluate(() => {
      const { document, getComputedStyle } = globalThis as unknown as InPage;
      const of = (selector: string) => getComputedStyle(document.querySelector(selector)!);
      return {
        head: of('.paper thead').display,
        foot: of('.paper tfoot').display,
        row: of('.paper tbody tr').breakInside,
        paper: of('html').backgroundColor,
      };
    });
    expect(styles).toEqual({
      // The head repeats on each page, the total appears once at the end, and no line is split.
      head: 'table-header-group',
      foot: 'table-row-group',
      row: 'avoid',
      paper: 'rgb(255, 255, 255)',
    });
    const beyond = await page.evaluate((width) => {
      const { document } = globalThis as unknown as InPage;
      return [...document.querySelectorAll('main th, main td, main dd, main h1')]
        .filter((cell) => cell.getBoundingClientRect().right > width + 1)
        .map((cell) => cell.innerText);
    }, PAPER.width);
    expect(beyond).toEqual([]);
    const pdf = await page.pdf({ preferCSSPageSize: true });
    const pages = pdf.toString('latin1').match(/\/Type \/Page\b(?!s)/g)?.length;
    expect(pages).toBeGreaterThanOrEqual(3);
    expect(pages).toBeLessThanOrEqual(7);
    await page.context().close();
  });

  it('has one total and the moment of the click, however much is recorded while it is read', async () => {
    const page = await console.open('#/users/ann');
    await page.evaluate('globalThis.print = () => undefined');
    await page.locator('input[type=password]').fill(service.keys.finance);
    await page.locator('button[type=submit]').click();
    await page.locator('.long-row a').first().waitFor();
    await page.waitForTimeout(1_100);
    let answer: () => void = () => undefined;
    const isLate = new Promise<void>((resolve) => (answer = resolve));
    await page.route('**/users/ann/usage-logs*', async (route) => {
      await isLate;
      await route.continue();
    });
    const opened = await page.locator('.paper-only').first().textContent();
    await page.getByRole('button', { name: 'Print' }).click();
    await page.getByRole('button', { name: 'Preparing…' }).waitFor();
    const time = await page.locator('.paper-only').first().textContent();
    expect(time).not.toBe(opened);
    const figures = page.locator('dl.figures dd');
    const before = await figures.allInnerTexts();
    const { status } = await service.write('POST', '/v1/adjustments', {
      user_id: 'ann',
      period: new Date().toISOString().slice(0, 7),
      currency: 'TWD',
      amount_cents: 100,
      reason: 'Meanwhile',
    });
    expect(status).toBe(201);
    await service.caughtUp();
    await page.waitForTimeout(2_500);
    expect(await figures.allInnerTexts()).toEqual(before);
    expect(await page.locator('.paper-only').first().textContent()).toBe(time);
    answer();
    await page.locator('.paper .total').waitFor({ state: 'attached' });
    await eventually(async () => (await figures.allInnerTexts()).join() !== before.join());
    // The browser's own command prints the page as it is now.
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
    expect(await page.locator('.paper-only').first().textContent()).not.toBe(time);
    await service.write('POST', '/v1/adjustments', {
      user_id: 'ann',
      period: new Date().toISOString().slice(0, 7),
      currency: 'TWD',
      amount_cents: -100,
      reason: 'Back',
    });
    await page.context().close();
  });

  it('is given up if the person has gone to another bill before it is read', async () => {
    const page = await console.open('#/users/ann');
    await page.evaluate('prints = 0; globalThis.print = () => (prints += 1)');
    await page.locator('input[type=password]').fill(service.keys.finance);
    await page.locator('button[type=submit]').click();
    await page.locator('.long-row a').first().waitFor();
    let answer: () => void = () => undefined;
    const isLeft = new Promise<void>((resolve) => (answer = resolve));
    let answered = 0;
    await page.route('**/users/ann/usage-logs*', async (route) => {
      await isLeft;
      await route.continue();
      answered += 1;
    });
    await page.getByRole('button', { name: 'Print' }).click();
    await page.getByRole('button', { name: 'Preparing…' }).waitFor();
    await goTo(page, '#/users/bob');
    await page.getByRole('link', { name: 'of-bob' }).waitFor();
    answer();
    await eventually(() => answered > 0);
    await page.waitForTimeout(500);
    expect(await page.locator('.paper').count()).toBe(0);
    expect(await page.evaluate('prints')).toBe(0);
    await page.context().close();
  });

  it('is not printed if it has more lines than a person can read', async () => {
    const page = await console.open('#/users/ann');
    await page.route('**/usage-summary*', async (route) => {
      const response = await route.fetch();
      const body = (await response.json()) as object;
      await route.fulfill({ response, json: { ...body, transcriptions: 20_001 } });
    });
    let read = 0;
    await page.locator('input[type=password]').fill(service.keys.finance);
    await page.locator('button[type=submit]').click();
    await page.locator('.long-row a').first().waitFor();
    page.on('request', (request) => (read += request.url().includes('usage-logs') ? 1 : 0));
    await page.getByRole('button', { name: 'Print' }).click();
    await page
      .getByText('more than 20,000 lines can’t be printed. Export the month instead.')
      .waitFor();
    expect(read).toBe(0);
    await page.context().close();
  });
});
