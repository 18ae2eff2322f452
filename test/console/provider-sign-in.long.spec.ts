import type { BrowserContextOptions, Page } from 'playwright-core';

import { buildWithConsole, HAS_BROWSER } from '../support/browser';
import { ConsoleBrowser, faultsOf } from '../support/console';
import { freePort } from '../support/free-port';
import { OidcProvider } from '../support/oidc-provider';
import { ProcessService } from '../support/process-service';
import { completed } from '../support/service';

const inBrowser = HAS_BROWSER ? describe : describe.skip;
const SHORT_SECONDS = 4;

inBrowser('signing in to the console through an OpenID provider', () => {
  let provider: OidcProvider;
  let service: ProcessService;
  let console: ConsoleBrowser;
  let host: string;

  beforeAll(async () => {
    buildWithConsole();
    const port = await freePort();
    provider = await OidcProvider.start(`http://127.0.0.1:${port}/console/`, {
      'fin@example.test': { roles: ['finance'] },
      ann: { roles: ['reader'] },
      guest: { roles: ['editor'] },
      brief: { roles: ['finance'], seconds: SHORT_SECONDS },
    });
    host = new URL(provider.issuer).host;
    service = await ProcessService.start({ PORT: String(port), ...provider.environment });
    const time = new Date().toISOString();
    await service.batch([
      completed({ session_id: 'rec-1', user_id: 'ann' }, { time }),
      completed({ session_id: 'rec-2', user_id: 'bob' }, { time }),
    ]);
    console = await ConsoleBrowser.start(service.url, [provider.issuer]);
  }, 180_000);
  afterAll(async () => {
    await console?.close();
    await service?.close();
    await provider?.stop();
  });

  /** Goes to the provider's page. */
  async function begin(hash = '', options: BrowserContextOptions = {}): Promise<Page> {
    const page = await console.open(hash, options);
    await page.getByRole('button', { name: host }).click();
    await page.getByLabel('Name').waitFor();
    return page;
  }
  async function enter(name: string, hash = '', options: BrowserContextOptions = {}) {
    const page = await begin(hash, options);
    await page.getByLabel('Name').fill(name);
    await page.getByRole('button', { name: 'Go on' }).click();
    return page;
  }
  /** What the browser stores, for this tab and for all tabs. */
  const kept = (page: Page) =>
    page.evaluate<string>('JSON.stringify([{ ...sessionStorage }, { ...localStorage }])');
  const said = (page: Page, text: string | RegExp) =>
    page.getByRole('alert').getByText(text).waitFor();

  it('opens the page that was requested, and stores nothing in the browser', async () => {
    const page = await begin('#/users/bob');
    const asked = new URL(page.url());
    expect(asked.origin).toBe(provider.issuer);
    const left = await page.goBack().then(() => kept(page));
    expect(left).toContain('verifier');
    await page.goForward();
    await page.getByLabel('Name').fill('fin@example.test');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('heading', { name: 'bob' }).waitFor();
    expect(page.url()).toBe(`${service.url}/console/#/users/bob`);
    expect(await page.locator('.rail-foot').innerText()).toContain('Signed in as finance');
    expect(await page.getByRole('link', { name: 'Keys' }).count()).toBe(0);
    expect(await kept(page)).toBe('[{},{}]');
    await page.context().close();
  });

  it('sends a new challenge, state and nonce each time, and the verifier only to the token endpoint', async () => {
    const page = await console.open('');
    const urls: URL[] = [];
    const bodies: string[] = [];
    page.on('request', (request) => {
      urls.push(new URL(request.url()));
      if (request.url() === `${provider.issuer}/token`) bodies.push(request.postData() ?? '');
    });
    for (const _ of [1, 2]) {
      await page.getByRole('button', { name: host }).click();
      await page.waitForURL((url) => url.origin === provider.issuer);
      await page.goto(`${service.url}/console/`);
    }
    await page.getByRole('button', { name: host }).click();
    await page.getByLabel('Name').fill('fin@example.test');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('navigation').waitFor();
    const asked = urls
      .filter(({ pathname }) => pathname === '/auth')
      .map((url) => url.searchParams);
    expect(asked).toHaveLength(3);
    for (const name of ['code_challenge', 'state', 'nonce']) {
      expect(new Set(asked.map((one) => one.get(name))).size).toBe(3);
    }
    expect(asked.map((one) => one.get('code_challenge_method'))).toEqual(['S256', 'S256', 'S256']);
    expect(bodies).toHaveLength(1);
    const verifier = new URLSearchParams(bodies[0]).get('code_verifier')!;
    expect(verifier.length).toBeGreaterThanOrEqual(43);
    expect(urls.filter(({ href }) => href.includes(verifier))).toEqual([]);
    await page.context().close();
  });

  it('says so if the sign-in cannot begin, and can be tried again', async () => {
    const page = await console.open('');
    const flow = /\/flow-[^/]*\.js$/;
    await page.route(flow, (route) => route.abort());
    const button = page.getByRole('button', { name: host });
    await button.click();
    await said(page, 'The sign-in could not begin. Reload the page.');
    expect(await button.isEnabled()).toBe(true);
    await page.context().close();
  });

  it("shows a reader only that reader's own page", async () => {
    const page = await enter('ann', '#/users/bob');
    await page.getByRole('heading', { name: 'ann' }).waitFor();
    expect(await page.getByRole('navigation').getByRole('link').allInnerTexts()).toEqual(['ann']);
    expect(await page.locator('main').innerText()).not.toContain('bob');
    await page.context().close();
  });

  it('tells people without a role that they have none here', async () => {
    const page = await enter('guest');
    await said(page, 'have no role here');
    expect(await page.getByRole('navigation').count()).toBe(0);
    await page.context().close();
  });

  it('says that the provider refused the sign-in', async () => {
    const page = await begin('#/closing');
    await page.getByRole('button', { name: 'Deny' }).click();
    await said(page, `${host} did not let you in, or you cancelled.`);
    expect(page.url()).toBe(`${service.url}/console/#/closing`);
    expect(await faultsOf(page)).toEqual([]);
    await page.context().close();
  });

  it('accepts no answer with another state, nor one to a request that this tab did not make', async () => {
    const page = await begin();
    let exchanges = 0;
    page.on('request', (request) => (exchanges += request.url().endsWith('/token') ? 1 : 0));
    await page.goto(`${service.url}/console/?code=stolen&state=another`);
    await said(page, 'was not started in this tab, or was already used');
    expect(await kept(page)).toBe('[{},{}]');
    await page.goto(`${service.url}/console/?code=stolen&state=another`);
    await said(page, 'was not started in this tab, or was already used');
    expect(exchanges).toBe(0);
    await page.context().close();
  });

  it('says why the provider rejects a code', async () => {
    const page = await begin();
    const state = await page
      .goto(`${service.url}/console/`)
      .then(() => page.evaluate<string>('JSON.parse(sessionStorage["minutebook.sign-in"]).state'));
    const iss = encodeURIComponent(provider.issuer);
    await page.goto(`${service.url}/console/?code=used&state=${state}&iss=${iss}`);
    await said(page, `${host} refused: grant request is invalid`);
    await page.context().close();
  });

  it("says that the computer's clock is wrong", async () => {
    const page = await begin();
    await page.addInitScript('Date.now = ((now) => () => now() + 7_200_000)(Date.now)');
    await page.getByLabel('Name').fill('fin@example.test');
    await page.getByRole('button', { name: 'Go on' }).click();
    await said(page, `The clocks of this computer and of ${host}`);
    await page.context().close();
  });

  it('says when the sign-in expires while the page is open, and comes back to the same page', async () => {
    const page = await enter('brief', '#/users/bob');
    await page.getByRole('heading', { name: 'bob' }).waitFor();
    await said(page, 'Your sign-in has expired');
    await page.getByRole('heading', { name: 'bob' }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Sign in again' }).click();
    await page.getByText('Your sign-in has expired').waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: 'bob' }).waitFor();
    expect(page.url()).toBe(`${service.url}/console/#/users/bob`);
    await page.context().close();
  });

  it('forgets the token on signing out, and says that the provider may not', async () => {
    const page = await enter('fin@example.test');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page
      .getByText(`You are signed out here. ${host} may still have you signed in.`)
      .waitFor();
    let sent = 0;
    page.on('request', (request) => (sent += request.url().includes('/v1/') ? 1 : 0));
    await page.evaluate('location.hash = "#/users/ann"');
    await page.waitForTimeout(500);
    expect([sent, await page.getByRole('navigation').count()]).toEqual([0, 0]);
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)('has no accessibility violation, %s', async (colorScheme) => {
    const page = await console.open('', { colorScheme, viewport: { width: 390, height: 844 } });
    await page.getByRole('button', { name: host }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390);
    await page.context().close();
  });

  it('appears in Chinese if the browser prefers Chinese', async () => {
    const page = await console.open('', { locale: 'zh-TW' });
    await page.getByRole('button', { name: `以 ${host} 登入` }).waitFor();
    await page.context().close();
  });

  it('sends nothing to other hosts, and its policy blocks nothing', () => {
    expect(console.misdeeds).toEqual([]);
  });
});

inBrowser('a key that is revoked while its page is open', () => {
  it('is reported as revoked once it is refused, and another key opens the same page', async () => {
    buildWithConsole();
    const service = await ProcessService.start({});
    const console = await ConsoleBrowser.start(service.url);
    try {
      const order = JSON.stringify({ role: 'finance', name: 'short-lived' });
      const made = await service.post<{ id: string; key: string }>(
        '/v1/keys',
        'application/json',
        order,
      );
      const page = await console.signIn(made.body.key, '#/users');
      await service.fetch(`/v1/keys/${made.body.id}`, { method: 'DELETE' });
      await page.evaluate('location.hash = "#/closing"');
      await page.getByText('The key no longer works: it expired').waitFor();
      await page.getByRole('button', { name: 'Sign in again' }).click();
      await page.locator('input[type=password]').fill(service.keys.finance);
      await page.locator('button[type=submit]').click();
      await page.getByRole('heading', { name: 'Closing' }).waitFor();
      expect(await page.getByText('The key no longer works: it expired').count()).toBe(0);
    } finally {
      await console.close();
      await service.close();
    }
  }, 60_000);
});
