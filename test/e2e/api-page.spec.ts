import type { Browser } from 'playwright-core';

import { HAS_BROWSER, startBrowser } from '../support/browser';
import { TestService } from '../support/service';

/** The page at `/docs`, used as a person would. */
(HAS_BROWSER ? describe : describe.skip)('the API page, in Chromium', () => {
  let service: TestService;
  let browser: Browser;

  beforeAll(async () => {
    service = await TestService.start({ now: () => Date.parse('2026-11-20T00:00:00Z') });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await service.close();
  });

  it('shows examples, and tries an operation with a key', async () => {
    const page = await browser.newPage();
    await page.goto(`${service.url}/docs`);
    const operation = page.locator('#operations-Readers-getUsersByUserIdUsageSummary');
    await operation.locator('.opblock-summary-control').click();
    await operation.locator('.example').first().waitFor();
    const described = await operation.innerText();
    expect(described).toContain('A user that no event names has an empty summary.');
    expect(described).toContain('"billable_minutes": "4"');
    expect(described).toContain('"code": "invalid_parameter"');

    await operation.locator('.try-out__btn').click();
    await operation.locator('.execute').click();
    const status = operation.locator('.live-responses-table .response .response-col_status');
    await status.waitFor();
    expect(await status.innerText()).toContain('401');

    await page.locator('.btn.authorize').click();
    await page.locator('.modal-ux input').fill(service.keys.reader);
    await page.locator('.modal-ux .auth-btn-wrapper .authorize').click();
    await page.locator('.modal-ux .close-modal').click();
    await operation.locator('.execute').click();
    await operation.locator('.live-responses-table').getByText('200', { exact: true }).waitFor();
    const answer = await operation
      .locator('.live-responses-table .highlight-code')
      .first()
      .innerText();
    expect(answer).toContain('"user_id": "ann"');
  });
});
