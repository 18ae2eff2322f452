import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

import { startBrowser } from './browser';

const AXE = readFileSync(join(__dirname, '../../node_modules/axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** The console of a service, in a browser. */
export class ConsoleBrowser {
  /** What the pages must not do but did: requests to other hosts, errors, policy violations. */
  readonly misdeeds: string[] = [];

  static async start(url: string, alsoAllowed: readonly string[] = []): Promise<ConsoleBrowser> {
    return new ConsoleBrowser(url, await startBrowser(), [url, 'blob:', ...alsoAllowed]);
  }

  private constructor(
    private readonly url: string,
    private readonly browser: Browser,
    private readonly allowed: readonly string[],
  ) {}

  close(): Promise<void> {
    return this.browser.close();
  }

  async open(hash: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({ locale: 'en-GB', ...options });
    const page = await context.newPage();
    // Nobody can choose a path for a file here, so files are downloaded, as in a browser without a file dialog.
    await page.addInitScript('delete globalThis.showSaveFilePicker');
    page.setDefaultTimeout(10_000);
    page.on('request', (request) => {
      if (!this.allowed.some((start) => request.url().startsWith(start)))
        this.misdeeds.push(request.url());
    });
    page.on('pageerror', (error) => this.misdeeds.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/.test(message.text()))
        this.misdeeds.push(message.text());
    });
    await page.goto(`${this.url}/console/${hash}`);
    return page;
  }

  async signIn(key: string, hash = '', options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.open(hash, options);
    await page.locator('input[type=password]').fill(key);
    await page.locator('button[type=submit]').click();
    await page.getByRole('navigation').waitFor();
    return page;
  }
}

export const goTo = (page: Page, hash: string) =>
  page.evaluate(`location.hash = ${JSON.stringify(hash)}`);

/** The violations that axe finds in the page: each rule with the first element. */
export async function faultsOf(page: Page): Promise<readonly (readonly [string, string])[]> {
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run: () => Promise<{ violations: Violation[] }> };
    };
    return (await axe.run()).violations.map(({ id, nodes }) => ({
      id,
      nodes: nodes.map(({ html }) => ({ html })),
    }));
  });
  return violations.map(({ id, nodes }) => [id, nodes[0]?.html ?? ''] as const);
}
