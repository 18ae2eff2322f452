import type { Page } from 'playwright-core';

import { buildWithConsole, HAS_BROWSER } from '../support/browser';
import { ConsoleBrowser, goTo } from '../support/console';
import { eventually } from '../support/eventually';
import { ProcessService } from '../support/process-service';
import { completed } from '../support/service';

const inBrowser = HAS_BROWSER ? describe : describe.skip;

/** What a person asked or wrote, and what the page still says once they have changed their mind. */
inBrowser('what the console was asked', () => {
  let service: ProcessService;
  let console: ConsoleBrowser;
  let page: Page;
  const month = new Date().toISOString().slice(0, 7);

  beforeAll(async () => {
    buildWithConsole();
    service = await ProcessService.start({ BILLING_TIME_ZONE: 'UTC' });
    const time = new Date().toISOString();
    await service.batch(
      ['ann', 'bob'].map((user_id) => completed({ user_id, duration_seconds: 60 }, { time })),
    );
    await service.caughtUp();
    console = await ConsoleBrowser.start(service.url);
    page = await console.signIn(service.keys.finance);
  }, 180_000);
  afterAll(async () => {
    await console?.close();
    await service?.close();
  });

  const main = () => page.locator('main');
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });

  it('is not answered by the check of another bundle, or with another key', async () => {
    const bundle = await (await service.fetch(`/v1/audit/bundle?period=${month}`)).text();
    const drop = (name: string, text: string) =>
      page
        .getByLabel('The bundle')
        .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
    const verdict = main().getByText(/^It (holds|does not hold)\.$/);
    await goTo(page, '#/checks');
    await drop('good.ndjson', bundle);
    await button('Check it').click();
    await main().getByText('The bundle passed the check.').waitFor();
    await drop('bad.ndjson', bundle.slice(0, -200));
    await main().getByText('bad.ndjson').waitFor();
    expect(await verdict.count()).toBe(0);
    await button('Check it').click();
    await main().getByText('The bundle failed the check.').waitFor();
    await page.getByLabel('The ledger’s verifier key').fill('another');
    expect(await verdict.count()).toBe(0);
    // A check that could not run says nothing about the bundle.
    await page.evaluate(`Worker = class {
      postMessage() { setTimeout(() => this.onmessage({ data: { error: 'The file is gone.' } })); }
      terminate() {}
    }`);
    await button('Check it').click();
    await main().getByText('Not checked.').waitFor();
    expect(await main().getByText('The file is gone.').count()).toBe(1);
    expect(await verdict.count()).toBe(0);
    // Nor by a check that is still under way.
    await page.evaluate('Worker = class { postMessage() {} terminate() {} }');
    await button('Check it').click();
    await button('Checking…').waitFor();
    await drop('good.ndjson', bundle);
    await button('Check it').waitFor();
  });

  it('is not answered by the replay of another month', async () => {
    await goTo(page, `#/checks?period=${month}`);
    const replay = main().getByRole('button', { name: /^Replay / });
    const follows = main().getByText('Everything follows.');
    const asked = await replay.innerText();
    let answer: () => void = () => undefined;
    const isAsked = new Promise<void>((resolve) => (answer = resolve));
    await page.route('**/v1/audit/replays', async (route) => {
      await isAsked;
      await route.continue();
    });
    await replay.click();
    // One click starts one replay.
    await eventually(() => replay.isDisabled());
    answer();
    await follows.waitFor();
    expect(await replay.isEnabled()).toBe(true);
    await page.unroute('**/v1/audit/replays');
    await button('The month before').click();
    await main().getByRole('button', { name: asked, exact: true }).waitFor({ state: 'detached' });
    expect(await follows.count()).toBe(0);
    await button('The month after').click();
    await follows.waitFor();
    await page.getByLabel('All months').check();
    await button('Replay everything').waitFor();
    expect(await follows.count()).toBe(0);
  });

  it('is not answered by the rehearsal of another draft', async () => {
    await goTo(page, '#/prices');
    const card = page.getByLabel('The card', { exact: true });
    const draft = JSON.parse(await card.inputValue()) as { prices: object };
    const priced = (amount: string) =>
      JSON.stringify({ ...draft, prices: { ...draft.prices, google: { amount } } });
    await card.fill(priced('0.06'));
    await button('Try it on all months').click();
    const months = page.getByRole('group', { name: 'The months under the draft' });
    await months.waitFor();
    await card.fill(priced('0.6'));
    await months.waitFor({ state: 'detached' });
  });

  it('is answered for those bills only that were read, if the rehearsal has more', async () => {
    const rehearsals = '**/v1/audit/rehearsals/*';
    await goTo(page, '#/checks');
    await main().getByText('Check a bundle').waitFor();
    await goTo(page, '#/prices');
    await button('Try it on all months').click();
    await main().getByText('Nobody’s bill would differ.').waitFor();
    await page.route(rehearsals, async (route) => {
      const response = await route.fetch();
      const body = (await response.json()) as object;
      await route.fulfill({ response, json: { ...body, next_cursor: 'more' } });
    });
    await button('Try it on all months').click();
    await main()
      .getByText('None of the first 500 bills would differ. Download the CSV to see all bills.')
      .waitFor();
    await page.unroute(rehearsals);
  });

  it('is not answered by the rows of another search', async () => {
    await goTo(page, '#/users?search=a');
    const table = page.getByRole('table', { name: 'Users', exact: true });
    await table.getByRole('link', { name: 'ann' }).waitFor();
    let answer: () => void = () => undefined;
    const isLate = new Promise<void>((resolve) => (answer = resolve));
    const users = '**/v1/users?*';
    await page.route(users, async (route) => {
      await isLate;
      await route.continue();
    });
    await goTo(page, '#/users?search=bob');
    await main().getByText('With “bob” in the id').waitFor();
    expect(await table.getByRole('link').count()).toBe(0);
    answer();
    await table.getByRole('link', { name: 'bob' }).waitFor();
    expect(await table.getByRole('link').allInnerTexts()).toEqual(['bob']);
    await page.unroute(users);
  });

  it('leaves no file behind if it is refused, or if its answer breaks off', async () => {
    await goTo(page, '#/checks');
    // Tests can't use the dialog, so files are kept where pages may keep their own.
    await page.evaluate(`showSaveFilePicker = async ({ suggestedName }) =>
      (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true })`);
    const files = () =>
      page.evaluate<(readonly [string, boolean])[]>(`(async () => {
        const found = [];
        for await (const [name, handle] of await navigator.storage.getDirectory())
          found.push([name, (await handle.getFile()).size > 0]);
        return found;
      })()`);
    const exports = '**/v1/audit/export?*';
    const detail = 'Too many exports run. Try again in a minute.';
    await page.route(exports, (route) =>
      route.fulfill({ status: 503, json: { code: 'overloaded', detail } }),
    );
    await button('CSV').click();
    await main().getByText(detail).waitFor();
    expect(await files()).toEqual([]);
    await page.unroute(exports);
    await page.evaluate(`wholeFetch = fetch; fetch = () => Promise.resolve(new Response(
      new ReadableStream({
        pull: (to) => to.error(new TypeError('The answer broke off.')),
      })))`);
    await button('NDJSON').click();
    await main().getByText('The answer broke off.').waitFor();
    expect(await files()).toEqual([]);
    await page.evaluate('fetch = wholeFetch');
    await button('CSV').click();
    await eventually(async () => (await files()).length > 0);
    await button('CSV').waitFor();
    expect(await files()).toEqual([[`minutebook-${month}.csv`, true]]);
    await page.evaluate('delete globalThis.showSaveFilePicker');
  });

  describe('a write', () => {
    const dialog = () => page.getByRole('dialog');
    const open = async () => {
      await goTo(page, '#/users/ann');
      await button('Adjust').click();
    };
    const fill = async (amount: string, reason: string) => {
      await page.getByLabel('Amount, TWD').fill(amount);
      await page.getByLabel('Reason').fill(reason);
    };
    const record = async () => {
      await button('Review').click();
      await button('Record the adjustment').click();
    };
    const adjusted = async () => {
      type Summary = { readonly adjustments_cents: number };
      return (await service.get<Summary>('/v1/users/ann/usage-summary')).body.adjustments_cents;
    };
    const held = '**/v1/adjustments';

    it('cannot be left while it is under way, and its fields are empty once it is recorded', async () => {
      let answer: () => void = () => undefined;
      const isAsked = new Promise<void>((resolve) => (answer = resolve));
      await page.route(held, async (route) => {
        await isAsked;
        await route.continue();
      });
      await open();
      await fill('0.25', 'Goodwill');
      await record();
      await button('Writing…').waitFor();
      for (let times = 0; times < 3; times += 1) {
        await page.keyboard.press('Escape');
        await page.waitForTimeout(100);
      }
      expect(await dialog().innerText()).toContain('Writing…');
      answer();
      await dialog().getByText('Recorded: TWD +0.25').waitFor();
      await page.unroute(held);
      await button('Done').click();
      await open();
      expect(await page.getByLabel('Amount, TWD').inputValue()).toBe('');
      expect(await page.getByLabel('Reason').inputValue()).toBe('');
      await button('Cancel').click();
      await eventually(async () => (await adjusted()) === 25);
    });

    it('is recorded only by a click of its own: not by a double click, or Enter that is held, on Review', async () => {
      const before = await adjusted();
      await open();
      await fill('0.75', 'Twice');
      await button('Review').dblclick();
      await button('Record the adjustment').waitFor();
      await page.waitForTimeout(300);
      expect(await button('Record the adjustment').isEnabled()).toBe(true);
      await button('Back').click();
      await page.getByLabel('Reason').focus();
      for (const _ of [1, 2, 3]) {
        await page.keyboard.down('Enter');
        await page.waitForTimeout(100);
      }
      await page.keyboard.up('Enter');
      expect(await button('Record the adjustment').isEnabled()).toBe(true);
      await page.keyboard.press('Escape');
      await dialog().waitFor({ state: 'detached' });
      expect(await adjusted()).toBe(before);
    });

    it('says which currency it leaves unchanged, also on a page in another one', async () => {
      const card = { currency: 'USD', prices: { google: { amount: '0.02' } } };
      expect((await service.write('POST', '/v1/rate-cards', card)).status).toBe(201);
      await service.caughtUp();
      await goTo(page, '#/users/ann?currency=USD');
      await main().getByText('amounts in USD').waitFor();
      await button('Plan').click();
      await dialog().getByText('Leave empty to keep TWD.').waitFor();
      await page.keyboard.press('Escape');
      await dialog().waitFor({ state: 'detached' });
    });

    it('leaves the focus on the button of its dialog, once it is recorded or cancelled', async () => {
      const focused = () => page.evaluate<string>('document.activeElement.textContent');
      await open();
      await button('Cancel').click();
      await eventually(async () => (await focused()) === 'Adjust');
      await open();
      await fill('0.01', 'Focus');
      await record();
      await button('Done').click();
      await eventually(async () => (await focused()) === 'Adjust');
      await service.write('POST', '/v1/adjustments', {
        user_id: 'ann',
        period: month,
        currency: 'TWD',
        amount_cents: -1,
        reason: 'Back',
      });
    });

    it('whose answer was lost keeps its key, also if the dialog is closed and opened again', async () => {
      const keys: (string | undefined)[] = [];
      await page.route(held, async (route) => {
        keys.push(route.request().headers()['idempotency-key']);
        const response = await route.fetch();
        await (keys.length === 1 ? route.abort() : route.fulfill({ response }));
      });
      await open();
      await fill('0.50', 'Slow');
      await record();
      await dialog().getByText('No connection').waitFor();
      await dialog().getByText('Press the button again: it is recorded once.').waitFor();
      await page.keyboard.press('Escape');
      await dialog().waitFor({ state: 'detached' });
      await open();
      await record();
      await dialog().getByText('Recorded: TWD +0.50').waitFor();
      await button('Done').click();
      // The same once more, on purpose, is another one.
      await open();
      await fill('0.50', 'Slow');
      await record();
      await dialog().getByText('Recorded: TWD +0.50').waitFor();
      await button('Done').click();
      await page.unroute(held);
      expect(keys).toEqual([keys[0], keys[0], expect.stringMatching(/^console-/)]);
      expect(keys[2]).not.toBe(keys[0]);
      await eventually(async () => (await adjusted()) === 125);
    });
  });

  it('sends nothing to other hosts, and its policy blocks nothing', () => {
    expect(console.misdeeds).toEqual([]);
  });
});
