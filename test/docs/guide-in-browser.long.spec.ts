import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

import { HAS_BROWSER, startBrowser } from '../support/browser';
import { faultsOf } from '../support/console';
import { buildWithGuide } from '../support/guide';
import { ProcessService } from '../support/process-service';

const inBrowser = HAS_BROWSER ? describe : describe.skip;

inBrowser('the guide, in Chromium', () => {
  let service: ProcessService;
  let browser: Browser;
  /** What the pages must not do but did: requests to other hosts, missing files, errors, policy violations. */
  const misdeeds: string[] = [];

  beforeAll(async () => {
    buildWithGuide();
    service = await ProcessService.start({});
    browser = await startBrowser();
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });

  async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ locale: 'en-GB', ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on('request', (request) => {
      if (!request.url().startsWith(`${service.url}/`)) misdeeds.push(request.url());
    });
    page.on('response', (answer) => {
      if (answer.status() >= 400) misdeeds.push(`${answer.status()} ${answer.url()}`);
    });
    page.on('pageerror', (error) => misdeeds.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') misdeeds.push(message.text());
    });
    await page.goto(`${service.url}${path}`);
    return page;
  }

  const search = async (page: Page, text: string) => {
    await page.getByRole('button', { name: 'Search' }).first().click();
    await page.getByRole('searchbox').fill(text);
    await page.locator('.results a').first().waitFor();
  };

  it('begins at /docs/guide, and leads to the API, the console and every part', async () => {
    const page = await open('/docs/guide');
    expect(page.url()).toBe(`${service.url}/docs/guide/`);
    await page.getByRole('heading', { name: 'Documentation' }).waitFor();
    const groups = await page.locator('.VPSidebarItem.level-0 h2').allInnerTexts();
    expect(groups).toEqual(['Tutorial', 'How to', 'Reference', 'Explanation', 'Decisions']);
    const beside = page.getByRole('navigation', { name: 'Beside the guide' });
    expect(await beside.getByRole('link').allInnerTexts()).toEqual(['API', 'Console']);
    await beside.getByRole('link', { name: 'API' }).click();
    await page.locator('.swagger-ui .info a[href="/docs/guide/"]').waitFor({ timeout: 60_000 });
    await page.context().close();
  });

  it('goes from page to page without a reload, and to the linked heading', async () => {
    const page = await open('/docs/guide/explanation/the-statement-and-cents.html');
    await page.evaluate('globalThis.isSame = true');
    await page.getByRole('main').getByRole('link', { name: 'the rules', exact: true }).click();
    await page.getByRole('heading', { name: 'From an attempt to its cost' }).waitFor();
    expect(new URL(page.url()).hash).toBe('#from-an-attempt-to-its-cost');
    expect(await page.evaluate('globalThis.isSame')).toBe(true);
    await page.context().close();
  });

  it('finds a page by its words, and opens it', async () => {
    const page = await open('/docs/guide/');
    await search(page, 'first success');
    await page.locator('.results a', { hasText: 'The first success is billed' }).click();
    await page.getByRole('heading', { name: 'Example: the first success is billed' }).waitFor();
    expect(page.url()).toContain('/docs/guide/reference/rules');
    await page.context().close();
  });

  it('highlights code in the colours of its language, light and dark', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await open('/docs/guide/how-to/close-a-month.html', { colorScheme });
      const colours = await page.evaluate<string[]>(
        `[...document.querySelectorAll('.language-sh .line span')].map((span) => getComputedStyle(span).color)`,
      );
      expect(new Set(colours).size).toBeGreaterThan(2);
      await page.context().close();
    }
  });

  it.each(['light', 'dark'] as const)('has no accessibility violation, %s', async (scheme) => {
    const page = await open('/docs/guide/how-to/prove-a-bill.html', { colorScheme: scheme });
    expect(await faultsOf(page)).toEqual([]);
    await page.context().close();
  });

  it('fits a phone: no page is wider than 390 px', async () => {
    const page = await open('/docs/guide/', { viewport: { width: 390, height: 844 } });
    for (const name of ['', 'reference/rules.html', 'reference/http.html', 'how-to/size-it.html']) {
      await page.goto(`${service.url}/docs/guide/${name}`);
      const width = await page.evaluate<number>('document.documentElement.scrollWidth');
      expect([name, width]).toEqual([name, 390]);
    }
    await page.context().close();
  });

  it('sends nothing to other hosts, misses no file, and its policy blocks nothing', () => {
    expect(misdeeds).toEqual([]);
  });
});
