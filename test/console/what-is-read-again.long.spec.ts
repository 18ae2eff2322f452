import type { Page } from 'playwright-core';

import { buildWithConsole, HAS_BROWSER } from '../support/browser';
import { ConsoleBrowser, goTo } from '../support/console';
import { pause } from '../support/eventually';
import { ProcessService } from '../support/process-service';
import { completed } from '../support/service';

const inBrowser = HAS_BROWSER ? describe : describe.skip;

/** Lists that a page reads again by itself: when the ledger grows, or when a job ends. */
inBrowser('a list of the console is read again', () => {
  let service: ProcessService;
  let console: ConsoleBrowser;
  let page: Page;
  const month = new Date().toISOString().slice(0, 7);

  const report = async (user_id: string) => {
    const time = new Date().toISOString();
    await service.one(completed({ user_id, duration_seconds: 60 }, { time }));
  };

  beforeAll(async () => {
    buildWithConsole();
    service = await ProcessService.start({ BILLING_TIME_ZONE: 'UTC' });
    await report('ann');
    await service.caughtUp();
    console = await ConsoleBrowser.start(service.url);
    page = await console.signIn(service.keys.finance);
  }, 180_000);
  afterAll(async () => {
    await console?.close();
    await service?.close();
  });

  const main = () => page.locator('main');
  const button = (name: string) => page.getByRole('button', { name, exact: true });

  it('once a rebuild ends', async () => {
    await goTo(page, '#/operations');
    await button('Rebuild').click();
    await main()
      .getByText(/^Rebuilt from/)
      .waitFor();
    await main().locator('ul.plain .chip').getByText('done').waitFor();
  });

  it('once a comparison ends', async () => {
    await goTo(page, `#/reconcile?period=${month}`);
    await page.getByLabel('The vendor’s list').setInputFiles({
      name: 'list.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('request_id,duration_seconds\nv-1,60\n'),
    });
    await page.getByLabel('Provider').fill('google');
    await button('Compare').click();
    await main()
      .getByText(/^(Every|Not every) line and log/)
      .waitFor();
    await main().locator('ul.plain .chip').getByText('done').waitFor();
  });

  it.each([
    ['#/users', 'zoe-1'],
    ['#/find?search=zoe', 'zoe-2'],
  ])('once the ledger has more of it: %s', async (hash, user) => {
    await goTo(page, hash);
    await main()
      .getByText(hash === '#/users' ? 'All users with usage' : 'Found: zoe')
      .waitFor();
    await main().getByRole('link').first().waitFor();
    await report(user);
    await main().getByRole('link', { name: user, exact: true }).waitFor();
  });

  it('only after it has been read, although the ledger grows faster', async () => {
    const writes = '**/v1/audit/writes*';
    await page.route(writes, async (route) => {
      await page.waitForTimeout(2_000);
      await route.continue();
    });
    await goTo(page, '#/users');
    await main().getByText('Find users').waitFor();
    let isOver = false;
    const busy = (async () => {
      for (let at = 0; !isOver; at += 1) {
        await report(`busy-${at}`);
        await pause(250);
      }
    })();
    await goTo(page, '#/writes');
    await main()
      .getByText('Nothing has been written yet.')
      .or(main().locator('tbody tr'))
      .first()
      .waitFor();
    isOver = true;
    await busy;
    const { status } = await service.write('POST', '/v1/adjustments', {
      user_id: 'ann',
      period: month,
      currency: 'TWD',
      amount_cents: 1,
      reason: 'Seen at last',
    });
    expect(status).toBe(201);
    await main().getByText('Seen at last').waitFor();
    // A read that is repeated may still be under way.
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  }, 60_000);

  it('sends nothing to other hosts, and its policy blocks nothing', () => {
    expect(console.misdeeds).toEqual([]);
  });
});
