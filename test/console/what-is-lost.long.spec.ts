import type { Page } from 'playwright-core';

import { buildWithConsole, HAS_BROWSER } from '../support/browser';
import { ConsoleBrowser, goTo } from '../support/console';
import { ProcessService } from '../support/process-service';
import { completed } from '../support/service';

const inBrowser = HAS_BROWSER ? describe : describe.skip;

/** What the console says and keeps while it does not reach its service, or the service its store. */
inBrowser('while the console is cut off', () => {
  let service: ProcessService;
  let console: ConsoleBrowser;
  let page: Page;
  const month = new Date().toISOString().slice(0, 7);

  beforeAll(async () => {
    buildWithConsole();
    service = await ProcessService.start({ BILLING_TIME_ZONE: 'UTC' });
    const time = new Date().toISOString();
    await service.one(completed({ user_id: 'ann', duration_seconds: 60 }, { time }));
    await service.caughtUp();
    console = await ConsoleBrowser.start(service.url);
    page = await console.signIn(service.keys.admin);
  }, 180_000);
  afterAll(async () => {
    await console?.close();
    await service?.close();
  });

  const main = () => page.locator('main');
  const dialog = () => page.getByRole('dialog');
  const button = (name: string) => page.getByRole('button', { name, exact: true });

  it('a write without an idempotency key says to look before it is sent again', async () => {
    await page.route('**/v1/alerts', (route) =>
      route.request().method() === 'POST' ? route.abort() : route.continue(),
    );
    await goTo(page, '#/alerts');
    await button('New alert').click();
    await page.getByLabel('Name').fill('Much');
    await page.getByLabel('Threshold').fill('5');
    await button('Review').click();
    await button('Make the alert').click();
    await dialog().getByText('Look before you press the button again.').waitFor();
    await page.unroute('**/v1/alerts');
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
  });

  it('a page says that it tries again by itself, and does; the sign-in does not say so', async () => {
    const alerts = '**/v1/alerts?*';
    await goTo(page, '#/users');
    await main().getByText('Find users').waitFor();
    await page.route(alerts, (route) => route.abort());
    await goTo(page, '#/alerts');
    await main().getByText('The page tries again by itself.').waitFor();
    await page.unroute(alerts);
    await main().getByText('There is no alert yet.').waitFor();
    const other = await console.open('');
    await other.locator('input[type=password]').waitFor();
    await other.route('**/v1/**', (route) => route.abort());
    await other.locator('input[type=password]').fill('mk_any');
    await other.locator('button[type=submit]').click();
    await other.getByText('The service can’t be reached.', { exact: true }).waitFor();
    await other.context().close();
  });

  it('a dialog of a list stays open, with what was typed', async () => {
    const adjustments = '**/v1/adjustments?*';
    const adjusted = (reason: string) =>
      service.write('POST', '/v1/adjustments', {
        user_id: 'ann',
        period: month,
        currency: 'TWD',
        amount_cents: 5,
        reason,
      });
    expect((await adjusted('Twice')).status).toBe(201);
    await goTo(page, '#/users/ann');
    await button('Void').click();
    await page.getByLabel('Reason').fill('Once is enough');
    await page.route(adjustments, (route) => route.abort());
    const isRead = page.waitForEvent('requestfailed', (one) => one.url().includes('/adjustments?'));
    await adjusted('Again');
    await isRead;
    await main().getByText('The page tries again by itself.').waitFor({ state: 'attached' });
    expect(await page.getByLabel('Reason').inputValue()).toBe('Once is enough');
    await page.unroute(adjustments);
    await main().getByText('The page tries again by itself.').waitFor({ state: 'detached' });
    await button('Review').click();
    await button('Record the void').click();
    await dialog().getByText('Recorded: TWD -0.05').waitFor();
    await button('Done').click();
  });

  it('its health is what the service says now, also while the ledger does not grow', async () => {
    const ready = '**/health/ready';
    await goTo(page, '#/operations');
    const store = main().locator('.health > div').filter({ hasText: 'Event store' });
    await store.getByText('ok').waitFor();
    await page.route(ready, async (route) => {
      const response = await route.fetch();
      const body = (await response.json()) as object;
      const json = { ...body, status: 'unavailable', event_store: 'unavailable' };
      await route.fulfill({ response, status: 503, json });
    });
    await store.getByText('unavailable').waitFor();
    await page.unroute(ready);
    await store.getByText('ok').waitFor();
  });

  it('sends nothing to other hosts, and its policy blocks nothing', () => {
    expect(console.misdeeds).toEqual([]);
  });
});
