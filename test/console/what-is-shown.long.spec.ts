import type { Page } from 'playwright-core';

import { buildWithConsole, HAS_BROWSER } from '../support/browser';
import { ConsoleBrowser, goTo } from '../support/console';
import { ProcessService } from '../support/process-service';
import { completed } from '../support/service';

const inBrowser = HAS_BROWSER ? describe : describe.skip;
/** More than a page of the ledger's events (500), by more than a page of users (100). */
const SESSIONS = 520;
const USERS = 130;
const numbered = (index: number) => String(index).padStart(3, '0');

inBrowser('what the console shows is what the ledger has', () => {
  let service: ProcessService;
  let console: ConsoleBrowser;
  let page: Page;

  beforeAll(async () => {
    buildWithConsole();
    service = await ProcessService.start({ BILLING_TIME_ZONE: 'UTC' });
    const time = new Date().toISOString();
    const facts = Array.from({ length: SESSIONS }, (_, index) =>
      completed(
        {
          session_id: `rec-${numbered(index)}`,
          user_id: `user-${numbered(index % USERS)}`,
          duration_seconds: 60,
        },
        { time },
      ),
    );
    await service.batch(facts.slice(0, 300));
    await service.batch(facts.slice(300));
    await service.caughtUp();
    console = await ConsoleBrowser.start(service.url);
    page = await console.signIn(service.keys.finance);
  }, 180_000);
  afterAll(async () => {
    await console?.close();
    await service?.close();
  });

  const main = () => page.locator('main');

  it.each([
    ['#/users', 'Users', `user-${numbered(USERS - 1)}`, USERS],
    ['#/ledger', 'Events', `session-rec-${numbered(SESSIONS - 1)}`, undefined],
  ])('reads a list of unknown length to its end: %s', async (hash, name, last, rows) => {
    await goTo(page, hash);
    const table = page.getByRole('table', { name, exact: true });
    await table.getByRole('row').nth(1).waitFor();
    const rowsAtFirst = await table.getAttribute('aria-rowcount');
    const end = table.getByRole('link', { name: last, exact: true });
    for (let tries = 0; tries < 50 && (await end.count()) === 0; tries += 1) {
      await page.evaluate(`document.querySelector('.long').scrollTop = 1e9`);
      await page.waitForTimeout(100);
    }
    await end.waitFor();
    if (rows !== undefined) {
      expect(await table.getAttribute('aria-rowcount')).toBe(String(rows + 1));
    }
  });

  it('sends nothing to other hosts, and its policy blocks nothing', () => {
    expect(console.misdeeds).toEqual([]);
  });
});
