import type { Page } from 'playwright-core';

import { buildWithConsole, HAS_BROWSER } from '../support/browser';
import { ConsoleBrowser, faultsOf, goTo } from '../support/console';
import { pagesOf } from '../support/console-pages';
import { ProcessService } from '../support/process-service';
import { Receiver } from '../support/receiver';
import { completed } from '../support/service';

const inBrowser = HAS_BROWSER ? describe : describe.skip;

inBrowser('what finance and admins do in the console', () => {
  let service: ProcessService;
  let console: ConsoleBrowser;
  let receiver: Receiver;
  let page: Page;
  const now = new Date();
  const month = now.toISOString().slice(0, 7);

  beforeAll(async () => {
    buildWithConsole();
    receiver = await Receiver.start();
    service = await ProcessService.start({
      BILLING_TIME_ZONE: 'UTC',
      WEBHOOK_ALLOW_PRIVATE: 'true',
    });
    const time = now.toISOString();
    const fact = (session_id: string, user_id: string, request_id: string) =>
      completed(
        { session_id, user_id, duration_seconds: 60, provider_metadata: { request_id } },
        { time },
      );
    await service.batch([
      fact('rec-1', 'ann', 'v-1'),
      fact('rec-2', 'ann', 'v-2'),
      fact('call-7', 'joanna', 'v-3'),
    ]);
    console = await ConsoleBrowser.start(service.url);
    page = await console.signIn(service.keys.admin);
  }, 180_000);
  afterAll(async () => {
    await console?.close();
    await service?.close();
    await receiver?.close();
  });

  const main = () => page.locator('main');
  const review = async (confirm: string) => {
    await page.getByRole('button', { name: 'Review' }).click();
    await page.getByRole('button', { name: confirm }).click();
  };
  const done = () => page.getByRole('button', { name: 'Done' }).click();

  it('finds users by any part of their id, and opens one', async () => {
    await goTo(page, '#/users');
    await main().getByRole('link', { name: 'joanna' }).waitFor();
    await main().getByLabel('Any part of the id').fill('JO');
    await main().getByRole('button', { name: 'Find' }).click();
    await page.getByText('With “JO” in the id').waitFor();
    await main().getByRole('link', { name: 'ann', exact: true }).waitFor({ state: 'detached' });
    await main().getByRole('link', { name: 'joanna' }).waitFor();
    expect(await main().getByRole('link').allInnerTexts()).toEqual(['joanna']);
    await main().getByRole('link', { name: 'joanna' }).click();
    await page.getByRole('heading', { name: 'joanna' }).waitFor();
  });

  it('finds sessions and logs too, and goes straight to one with exactly that id', async () => {
    const find = page.getByRole('searchbox');
    await find.fill('ec-');
    await find.press('Enter');
    await main().getByRole('link', { name: 'rec-2~1' }).waitFor();
    await main().getByRole('link', { name: 'rec-1', exact: true }).waitFor();
    await main().getByText('No user with usage has an id that contains this.').waitFor();
    for (const [id, place] of [
      ['call-7', '#/sessions/call-7'],
      ['rec-1~1', '#/logs/rec-1~1'],
      ['ann', '#/users/ann'],
    ] as const) {
      await find.fill(id);
      await find.press('Enter');
      await page.waitForURL(({ hash }) => hash.split('?')[0] === place);
    }
  });

  it('shows adjustments that add up to zero, marks a wrong amount, and lists who wrote what and why', async () => {
    await page.getByRole('button', { name: 'Adjust', exact: true }).click();
    const amount = page.getByLabel('Amount, TWD');
    await amount.fill('1,50');
    expect(await amount.getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByRole('dialog').innerText()).toContain('Not an amount');
    await amount.fill('1.50');
    expect(await amount.getAttribute('aria-invalid')).toBe('false');
    await page.getByLabel('Reason').fill('Taken twice');
    await review('Record the adjustment');
    await done();
    await page.getByRole('button', { name: 'Void', exact: true }).click();
    await page.getByLabel('Reason').fill('Not twice');
    const readAgain = page.waitForResponse((one) => one.url().includes('/v1/adjustments?'));
    await review('Record the void');
    // After a void the button is gone, but the dialog stays until it is dismissed.
    await readAgain;
    await page.getByText('Recorded: TWD -1.50').waitFor();
    await done();
    const adjustments = page.getByRole('region', { name: 'Adjustments' });
    await adjustments.getByText('a void', { exact: true }).waitFor();
    await adjustments.getByText('voided', { exact: true }).waitFor();
    const { body } = await service.get<{ adjustments_cents: number }>(
      '/v1/users/ann/usage-summary',
    );
    expect(body.adjustments_cents).toBe(0);
    await goTo(page, '#/writes');
    await main().getByText('Not twice').waitFor();
    const rows = await main().getByRole('row').allInnerTexts();
    expect(rows[1]).toMatch(/Void of an adjustment: ann, TWD -1\.50[\s\S]*Not twice/);
    expect(rows[2]).toMatch(/Adjustment: ann, TWD \+1\.50[\s\S]*Taken twice[\s\S]*initial-admin/);
  });

  it('makes an alert, says what is wrong with a threshold, and deletes it', async () => {
    await goTo(page, '#/alerts');
    await page.getByRole('button', { name: 'New alert' }).click();
    await page.getByLabel('Name').fill('Much used');
    await page.getByLabel('Reached at').selectOption('share_of_limit');
    await page.getByLabel('Share').fill('most');
    expect(await page.getByLabel('Share').getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('Share').fill('0.8');
    await review('Make the alert');
    await done();
    await main().getByText('0.8 × limit').waitFor();
    await main().getByRole('button', { name: 'Delete' }).click();
    await review('Delete it');
    await done();
    await main().getByText('There is no alert yet.').waitFor();
  });

  it('makes a webhook, shows its secret once, tests it, and sends a delivery again', async () => {
    await goTo(page, '#/webhooks');
    await page.getByRole('button', { name: 'New webhook' }).click();
    await page.getByLabel('Name').fill('Books');
    await page.getByLabel('Address').fill(receiver.url);
    await page.getByLabel('An adjustment is recorded').check();
    await review('Make the webhook');
    expect(await page.locator('.secret').innerText()).toMatch(/^whsec_/);
    await done();
    await main().getByRole('button', { name: 'Send a test' }).click();
    await main().getByText('The receiver accepted it.').waitFor();
    await service.write('POST', '/v1/adjustments', {
      user_id: 'ann',
      period: month,
      amount_cents: 1,
      reason: 'tell of it',
    });
    await main().getByRole('link', { name: 'Deliveries' }).click();
    const delivered = main().getByRole('row').getByText('delivered');
    for (let tries = 0; tries < 20 && (await delivered.count()) === 0; tries += 1) {
      await main().getByRole('button', { name: 'Refresh' }).click();
      await page.waitForTimeout(250);
    }
    const before = receiver.received.length;
    await main().getByRole('button', { name: 'Send again' }).first().click();
    for (let tries = 0; tries < 40 && receiver.received.length === before; tries += 1)
      await page.waitForTimeout(100);
    expect(receiver.received.length).toBeGreaterThan(before);
    await main().getByRole('button', { name: 'Switch off' }).click();
    await main().getByText('switched off').waitFor();
    await main().getByRole('button', { name: 'Delete' }).click();
    await review('Delete it');
    await done();
    await main().getByText('There is no webhook yet.').waitFor();
  }, 60_000);

  it("compares a vendor's list dropped onto the page, by kind, and offers the lines as CSV", async () => {
    await goTo(page, '#/reconcile');
    const csv = 'request_id,duration_seconds\nv-1,60\nv-2,75\nlost,30\n';
    await page
      .getByLabel('The vendor’s list')
      .setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    await page.getByLabel('Provider').fill('google');
    await main().getByRole('button', { name: 'Compare' }).click();
    await page.getByText('Not every line and log matches.').waitFor();
    const kinds = main().getByRole('group', { name: 'Which lines and logs' });
    expect(await kinds.getByRole('button').allInnerTexts()).toEqual([
      'Matched · 1',
      'Only at the vendor · 1',
      'Only in the ledger · 1',
      'Different duration · 1',
      'Listed twice · 0',
    ]);
    await main().getByRole('cell', { name: 'lost' }).or(main().getByText('lost')).first().waitFor();
    await kinds.getByRole('button', { name: 'Different duration' }).click();
    await main().getByRole('link', { name: 'rec-2~1' }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      main().getByRole('button', { name: 'Download all as CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`reconciliation-google-${month}.csv`);
  });

  it('checks a bundle in the browser: one that holds, and one with a changed byte', async () => {
    await goTo(page, '#/checks');
    const bundle = await (await service.fetch(`/v1/audit/bundle?period=${month}`)).text();
    const check = async (text: string, key: string) => {
      await page
        .getByLabel('The bundle')
        .setInputFiles({ name: 'b.ndjson', mimeType: 'text/plain', buffer: Buffer.from(text) });
      await page.getByLabel('The ledger’s verifier key').fill(key);
      await page.getByRole('button', { name: 'Check it' }).click();
      const verdict = main()
        .locator('.notice')
        .filter({ hasText: /(passed|failed) the check\./ });
      await verdict.waitFor();
      return verdict.innerText();
    };
    const { body } = await service.get<{ verifier_keys: string[] }>('/v1/audit/root');
    const [key] = body.verifier_keys as [string];
    const good = await check(bundle, key);
    expect(good).toContain('The bundle passed the check.');
    expect(good).toContain('The root is signed by the key that you gave');
    const bad = await check(
      bundle.replace('\\"duration_seconds\\":\\"60\\"', '\\"duration_seconds\\":\\"61\\"'),
      key,
    );
    expect(bad).toContain('The bundle failed the check.');
    const other = await check(bundle.slice(0, -200), '');
    expect(other).toContain('The bundle failed the check.');
  });

  it('appears in Traditional Chinese if the browser prefers it, and switches language without signing out', async () => {
    const chinese = await console.signIn(service.keys.admin, '#/users/ann', { locale: 'zh-TW' });
    await chinese.getByRole('link', { name: '價格與方案' }).waitFor();
    await chinese.getByText('為何是這個費用').or(chinese.getByText('對帳單')).first().waitFor();
    expect(await chinese.evaluate('document.documentElement.lang')).toBe('zh-TW');
    const stepper = chinese.getByLabel('月份', { exact: true });
    const written = new Intl.DateTimeFormat('zh-TW', { month: 'long', year: 'numeric' });
    expect(await stepper.innerText()).toContain(written.format(now));
    expect(await faultsOf(chinese)).toEqual([]);
    await goTo(chinese, '#/logs/rec-1~1');
    await chinese.getByText('沒有附加費：係數為 1。').waitFor();
    expect(await chinese.locator('.steps').innerText()).not.toMatch(/[a-z]{4} [a-z]{2}/);
    await chinese.getByRole('button', { name: 'English' }).click();
    await chinese.getByText('No surcharge applies: the factor is 1.').waitFor();
    await chinese.getByRole('link', { name: 'Prices and plans' }).waitFor();
    expect(await chinese.evaluate('document.documentElement.lang')).toBe('en');
    await chinese.context().close();
    const english = await console.open('', { locale: 'de-DE' });
    await english.getByRole('heading', { name: 'Sign in' }).waitFor();
    await english.getByRole('button', { name: '繁體中文' }).click();
    await english.getByRole('heading', { name: '登入' }).waitFor();
    await english.reload();
    await english.getByRole('heading', { name: '登入' }).waitFor();
    await english.context().close();
  });

  /** The pages that show what was written above. */
  const FILLED = /^#\/(users\?|find|writes|alerts|webhooks|reconcile|checks)/;
  const PAGES = pagesOf(month).filter(([hash]) => FILLED.test(hash));

  it.each(['light', 'dark'] as const)(
    'has no accessibility violation on its pages, %s, and none is wider than a phone',
    async (colorScheme) => {
      const shown = await console.signIn(service.keys.admin, '', { colorScheme });
      const faults: unknown[] = [];
      for (const [hash, text] of PAGES) {
        await shown.setViewportSize({ width: 1280, height: 800 });
        await goTo(shown, hash);
        await shown.getByText(text).first().waitFor();
        faults.push(...(await faultsOf(shown)).map((fault) => [hash, ...fault]));
        await shown.setViewportSize({ width: 390, height: 844 });
        const width = await shown.evaluate<number>('document.documentElement.scrollWidth');
        if (width > 390) faults.push([hash, width]);
      }
      expect(faults).toEqual([]);
      await shown.context().close();
    },
    60_000,
  );

  it('sends nothing to other hosts, and its policy blocks nothing', () => {
    expect(console.misdeeds).toEqual([]);
  });
});
