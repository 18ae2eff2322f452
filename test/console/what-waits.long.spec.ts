import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { buildWithConsole, HAS_BROWSER } from '../support/browser';
import { ConsoleBrowser, faultsOf, goTo } from '../support/console';
import { ProcessService } from '../support/process-service';
import { completed } from '../support/service';

const inBrowser = HAS_BROWSER ? describe : describe.skip;
const MONTH = '2025-09';
const TELEPHONE = { width: 390, height: 844 };

/** A month with usage that has no price yet: what a newcomer to the console must settle before the close. */
inBrowser('what waits, in the console', () => {
  let folder: string;
  let service: ProcessService;
  let console: ConsoleBrowser;
  let page: Page;

  beforeAll(async () => {
    buildWithConsole();
    folder = mkdtempSync(join(tmpdir(), 'minutebook-waits-'));
    const cards = join(folder, 'cards.json');
    const google = { amount: '0.6', minimum_seconds: 60 };
    const card = { currency: 'TWD', effective_from: '1970-01-01T00:00:00Z', prices: { google } };
    writeFileSync(cards, JSON.stringify(card));
    service = await ProcessService.start({ BILLING_TIME_ZONE: 'UTC', RATE_CARD_FILE: cards });
    const fact = (session_id: string, stt_provider: string, day: string) =>
      completed(
        { session_id, user_id: 'ann', stt_provider, duration_seconds: 600 },
        { time: `2025-09-${day}T10:00:00Z` },
      );
    const many = Array.from({ length: 20 }, (_, at) => fact(`rec-${at}`, 'google', '05'));
    await service.batch([...many, fact('dear', 'soniox', '12')]);
    console = await ConsoleBrowser.start(service.url);
    page = await console.signIn(service.keys.finance, `#/waiting?period=${MONTH}`);
  }, 180_000);
  afterAll(async () => {
    await console?.close();
    await service?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const main = () => page.locator('main');
  const button = (name: string) => page.getByRole('button', { name, exact: true });

  /** Cells that extend beyond the screen, including those in a container that scrolls. */
  const outOfSight = (shown: Page) =>
    shown.evaluate<string[]>(`[...document.querySelectorAll('main :is(td, th, [role=cell])')]
      .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth)
      .map((one) => one.textContent)`);

  it('says in full what to do, and that the session has no price', async () => {
    const advice = main().locator('.advice');
    expect(await advice.innerText()).toBe(
      'It has no price. Publish a rate card in TWD with a price for soniox, or a default, that is in force at its time. Give it a price',
    );
    const isCut = await page.evaluate<boolean>(
      `[...document.querySelectorAll('.advice')].some((one) => one.scrollHeight > one.clientHeight + 1)`,
    );
    expect(isCut).toBe(false);
    await main().getByRole('link', { name: 'dear' }).click();
    await main().getByText('without a price').waitFor();
    await main().getByText('or it has no price').waitFor();
  });

  it('leads to the editor of cards also from the past', async () => {
    await goTo(page, `#/waiting?as_of=${encodeURIComponent(new Date().toISOString())}`);
    await main().getByRole('link', { name: 'Give it a price' }).click();
    await page.getByLabel('The card', { exact: true }).waitFor();
  });

  it('says so in Chinese too', async () => {
    const chinese = await console.signIn(service.keys.finance, '#/waiting', { locale: 'zh-TW' });
    const advice = chinese.locator('.advice');
    await advice.getByRole('link', { name: '為它定價' }).waitFor();
    expect(await advice.innerText()).toContain('請發布一份 TWD 費率表，其中要有 soniox 的價格');
    expect(await advice.innerText()).not.toMatch(/It has no price/);
    await chinese.context().close();
  });

  it('keeps every amount visible on a phone', async () => {
    const small = await console.signIn(service.keys.finance, '', { viewport: TELEPHONE });
    for (const [hash, text] of [
      ['waiting', 'Give it a price'],
      [`users/ann?period=${MONTH}`, 'rec-19'],
      ['users', 'ann'],
      [`closing/${MONTH}`, 'By day, provider and user'],
      [`period?period=${MONTH}`, 'Top users'],
    ] as const) {
      await goTo(small, `#/${hash}`);
      await small.locator('main').getByText(text).first().waitFor();
      expect([hash, await outOfSight(small)]).toEqual([hash, []]);
      expect([hash, await faultsOf(small)]).toEqual([hash, []]);
    }
    await goTo(small, `#/users/ann?period=${MONTH}`);
    const statement = small.getByRole('table', { name: 'Statement' });
    await statement.getByRole('cell', { name: '6.00' }).first().waitFor();
    // Two-line rows do not overlap.
    const rows = statement.locator('.long-body .long-row');
    const boxes = await Promise.all([0, 1, 2].map((at) => rows.nth(at).boundingBox()));
    const tops = boxes.map((box) => box!.y);
    expect(tops.map((top) => Math.round(top - tops[0]!))).toEqual([0, 60, 120]);
    await small.context().close();
  }, 60_000);

  it('can be billed later by a forced close, also if the page has not read what waits', async () => {
    const dialog = page.getByRole('dialog');
    const leaks = '**/v1/audit/leaks?*';
    await page.route(leaks, (route) =>
      route.fulfill({ json: { items: [], next_cursor: null, totals: [] } }),
    );
    await goTo(page, `#/closing/${MONTH}`);
    await button('Close September 2025').click();
    await button('Review').click();
    await button('Close the month for good').click();
    await dialog.getByText('attempts_waiting').waitFor();
    await button('Back').click();
    await dialog.getByLabel(/^Close it although attempts are waiting/).check();
    await button('Review').click();
    await dialog.getByText('some, billed later').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.unroute(leaks);
  });

  it('leads to a card that lacks only the amount, and nothing waits once the card is published', async () => {
    // The newest card is in another currency than the attempt.
    await service.write('POST', '/v1/rate-cards', {
      currency: 'USD',
      prices: { google: { amount: '0.02' } },
    });
    await service.caughtUp();
    await goTo(page, '#/waiting');
    await main().getByRole('link', { name: 'Give it a price' }).click();
    const card = page.getByLabel('The card', { exact: true });
    await main().getByText('/prices/soniox/amount').waitFor();
    const draft = await card.inputValue();
    expect(JSON.parse(draft)).toMatchObject({
      currency: 'TWD',
      effective_from: '2025-09-12T10:00:00.000Z',
      prices: { soniox: { amount: '', minimum_seconds: '60' }, google: { amount: '0.6' } },
    });
    await card.fill(draft.replace('"amount": ""', '"amount": "1.2"'));
    await main().getByText('This session would cost TWD 1.8').waitFor();
    await button('Publish…').click();
    await button('Review').click();
    await button('Publish the card').click();
    await button('Done').click();
    await goTo(page, '#/waiting');
    await main()
      .getByText('Nothing is waiting. Every attempt is billed, free or failed.')
      .waitFor();
  });

  it('leads from the list of months to the close, and stops offering the close of a closed month', async () => {
    await goTo(page, '#/closing');
    await main().getByRole('link', { name: 'Close…' }).click();
    await main().getByRole('heading', { name: 'Close September 2025' }).waitFor();
    await button('The month before').click();
    await main().getByRole('heading', { name: 'Close August 2025' }).waitFor();
    await button('The month after').click();
    await main().getByRole('heading', { name: 'Close September 2025' }).waitFor();
    await goTo(page, `#/period?period=${MONTH}`);
    await main().getByRole('link', { name: 'Close this month' }).click();
    await button('Close September 2025').click();
    await button('Review').click();
    await button('Close the month for good').click();
    await button('Done').click();
    await goTo(page, `#/period?period=${MONTH}`);
    await main().getByText('Closed', { exact: true }).waitFor();
    expect(await main().getByRole('link', { name: 'Close this month' }).count()).toBe(0);
  });

  it('sends nothing to other hosts, and its policy blocks nothing', () => {
    expect(console.misdeeds).toEqual([]);
  });
});
