import type { Page } from 'playwright-core';

import { buildWithConsole, HAS_BROWSER } from '../support/browser';
import { ConsoleBrowser, goTo } from '../support/console';
import { pause } from '../support/eventually';
import { ProcessService } from '../support/process-service';
import { completed } from '../support/service';

const inBrowser = HAS_BROWSER ? describe : describe.skip;
/** More than a page of the ledger's events (500), by more than a page of users (100). */
const SESSIONS = 520;
const USERS = 130;
/** A month in words, as the page has it. */
const inWords = (time: Date) =>
  new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    time,
  );
function monthFrom(steps: number, write: (time: Date) => string = inWords): string {
  const now = new Date();
  return write(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + steps, 1)));
}
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
    for (const session_id of ['twice', 'thrice']) {
      const data = { session_id, user_id: 'user-000' };
      const type = 'transcription.session.started';
      await service.one(completed({ ...data, duration_seconds: undefined }, { time, type }));
      await service.one(completed({ ...data, duration_seconds: 61 }, { time }));
    }
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
    ['#/ledger', 'Events', 'session-thrice', undefined],
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
    await end.first().waitFor();
    expect(rowsAtFirst).toBe('-1');
    if (rows !== undefined) {
      expect(await table.getAttribute('aria-rowcount')).toBe(String(rows + 1));
    }
  });

  describe('a proof', () => {
    /** The page of a line, after the service's answers to some request have been changed. */
    const provedWith = async (requests: string, change: (body: string) => string) => {
      await page.route(requests, async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, body: change(await response.text()) });
      });
      await goTo(page, '#/logs/twice~1');
      await main()
        .getByText(/^(Proved\.|Proved in part\.|Not proved\.)$/)
        .waitFor();
      const said = await main().getByRole('region', { name: 'Proof' }).innerText();
      await page.unroute(requests);
      await goTo(page, '#/users');
      await main().getByText('Find users').waitFor();
      return said;
    };

    beforeAll(async () => {
      const { body } = await service.get<{ verifier_keys: string[] }>('/v1/audit/root');
      await page.evaluate(
        `localStorage.setItem('minutebook.pinned-verifier-key', ${JSON.stringify(body.verifier_keys[0])})`,
      );
    });

    it('is of the facts that are shown', async () => {
      expect(await provedWith('**/v1/nothing', (body) => body)).toContain(
        'Every fact shown above (2) is among',
      );
    });

    it('fails if the service shows another fact than the one that was signed, or one twice', async () => {
      const altered = await provedWith('**/v1/usage-logs/*', (body) =>
        body.replaceAll('"duration_seconds":"61"', '"duration_seconds":"601"'),
      );
      expect(altered).toContain('Not proved.');
      expect(altered).toContain('The fact that is shown above is not the proved one.');
      const twice = await provedWith('**/v1/usage-logs/*', (body) => {
        type Explained = { readonly explanation: { readonly events: readonly unknown[] } };
        const log = JSON.parse(body) as Explained;
        const events = log.explanation.events.flatMap((event) => [event, event]);
        return JSON.stringify({ ...log, explanation: { ...log.explanation, events } });
      });
      expect(twice).toContain('Not proved.');
    });

    it('fails if the service proves the events of another session', async () => {
      type Listed = { readonly items: readonly { readonly position: string }[] };
      const { body: other } = await service.get<Listed>('/v1/audit/events?session_id=thrice');
      const swapped = await provedWith('**/v1/audit/events?*', (body) => {
        const own = (JSON.parse(body) as Listed).items;
        const items = other.items.map((one, at) => ({ ...one, position: own[at]!.position }));
        return JSON.stringify({ items, next_cursor: null });
      });
      expect(swapped).toContain('Not proved.');
      expect(swapped).toContain('not of this session, but of session-thrice');
    });

    it('says how many facts it does not cover', async () => {
      const partial = await provedWith('**/v1/audit/events?*', (body) => {
        const { items } = JSON.parse(body) as { readonly items: readonly unknown[] };
        return JSON.stringify({ items: items.slice(1), next_cursor: null });
      });
      expect(partial).toContain('Proved in part.');
      expect(partial).toContain('1 of the 2 facts shown above');
    });
  });

  describe('as of a moment', () => {
    const CLOSED = '2025-09';
    let position: string;
    let time: string;

    beforeAll(async () => {
      const old = (session_id: string, user_id: string) =>
        completed(
          { session_id, user_id, duration_seconds: 60 },
          { time: `${CLOSED}-10T10:00:00Z` },
        );
      const soon = Date.now() + 2_000;
      await service.write('POST', '/v1/rate-cards', {
        currency: 'TWD',
        effective_from: new Date(soon).toISOString(),
        prices: { default: { amount: '0.06' } },
      });
      ({ position } = (await service.one(old('old-1', 'ann'))).body);
      await service.caughtUp();
      time = new Date().toISOString();
      await pause(soon - Date.now() + 100);
      await service.one(old('old-2', 'bob'));
      const path = `/v1/billing-periods/${CLOSED}/close`;
      expect((await service.write('POST', path, {})).status).toBe(201);
      await service.caughtUp();
    });

    const show = async (hash: string, text: string) => {
      await goTo(page, hash);
      await main().getByText(text, { exact: true }).first().waitFor();
    };
    const chips = () => main().locator('summary .chip').allInnerTexts();

    it('a month is as open or closed as it was then, with the totals of then', async () => {
      for (const as_of of [position, time]) {
        const past = `as_of=${encodeURIComponent(as_of)}`;
        await show(`#/closing?${past}`, 'Months');
        const row = main().getByRole('row').filter({ hasText: 'September 2025' });
        expect((await row.innerText()).split('\t').slice(0, 2)).toEqual(['September 2025', 'Open']);
        await show(`#/closing/${CLOSED}?${past}`, 'Close September 2025');
        const totals = main().getByRole('group', { name: 'Totals' }).getByRole('row').nth(1);
        expect((await totals.innerText()).split('\t').slice(0, 2)).toEqual(['TWD', '1']);
        await show(`#/period?period=${CLOSED}&${past}`, 'Open');
        expect(await main().getByRole('link', { name: 'Close this month' }).count()).toBe(0);
      }
      await show(`#/closing/${CLOSED}`, 'September 2025 is closed');
      await show(`#/period?period=${CLOSED}`, 'Closed');
    });

    it('a card is in force, or announced, as it was then', async () => {
      for (const as_of of [position, time]) {
        await show(`#/prices?as_of=${encodeURIComponent(as_of)}`, 'announced');
        expect(await chips()).toEqual(['announced', 'in force']);
      }
      await show('#/prices', 'over');
      expect(await chips()).toEqual(['in force', 'over']);
    });
  });

  it('all rate cards are read, however many pages they have', async () => {
    await goTo(page, '#/closing');
    await main().getByText('Months', { exact: true }).waitFor();
    type Cards = { readonly items: readonly object[] };
    await page.route('**/v1/rate-cards?*', async (route) => {
      const url = new URL(route.request().url());
      const isFirst = !url.searchParams.has('cursor');
      url.searchParams.delete('cursor');
      const response = await route.fetch({ url: url.href });
      const { items } = (await response.json()) as Cards;
      const json = isFirst
        ? { items: items.slice(0, 1), next_cursor: 'more' }
        : { items: items.slice(1), next_cursor: null };
      await route.fulfill({ response, json });
    });
    await goTo(page, '#/prices');
    await main().getByText('in force', { exact: true }).waitFor();
    expect(await main().locator('summary .chip').allInnerTexts()).toEqual(['in force', 'over']);
    await page.unroute('**/v1/rate-cards?*');
  });

  describe('a page that fails', () => {
    it('shows the current month, or that there is no such page, if its link has no month', async () => {
      await goTo(page, '#/period?period=2026-13');
      await main()
        .getByRole('heading', { level: 1, name: monthFrom(0) })
        .waitFor();
      await goTo(page, '#/closing/x');
      await main().getByText('This page does not exist').waitFor();
    });

    it('says so, for a screen reader too, if a card is no JSON yet', async () => {
      await goTo(page, '#/prices');
      const card = page.getByLabel('The card', { exact: true });
      await card.fill('{');
      const hint = await card.getAttribute('aria-describedby');
      expect(await page.locator(`[id="${hint}"]`).innerText()).toBe(
        'This is not the JSON of a card yet.',
      );
    });

    it('says so if its calculator is gone from the service', async () => {
      const open = await console.open('#/prices');
      await open.route(/\/try-card-[^/]*\.js$/, (route) => route.abort());
      await open.locator('input[type=password]').fill(service.keys.finance);
      await open.locator('button[type=submit]').click();
      await open.getByText('The calculator could not be loaded. Reload the page.').waitFor();
      await open.context().close();
    });

    it('says so, and leads back to one that does not', async () => {
      await page.route('**/v1/users?*', async (route) => {
        const response = await route.fetch();
        const body = (await response.text()).replaceAll(
          /"last_period":"[^"]+"/g,
          '"last_period":"x"',
        );
        await route.fulfill({ response, body });
      });
      await goTo(page, '#/users?search=user-00');
      await main().getByText('This page can’t be shown').waitFor();
      await page.unroute('**/v1/users?*');
      await main().getByRole('link', { name: 'Go to the first page' }).click();
      await main()
        .getByRole('heading', { level: 1, name: monthFrom(0) })
        .waitFor();
    });
  });

  it('the current month is that of the ledger, also when the console stays open past the end of one', async () => {
    const open = await console.open('');
    await open.clock.install();
    await open.locator('input[type=password]').fill(service.keys.finance);
    await open.locator('button[type=submit]').click();
    await open.getByRole('heading', { level: 1, name: monthFrom(0) }).waitFor();
    const after = open.getByRole('button', { name: 'The month after' });
    expect(await after.isDisabled()).toBe(true);
    await open.route('**/usage-summary', async (route) => {
      const response = await route.fetch();
      const period = monthFrom(1, (time) => time.toISOString().slice(0, 7));
      await route.fulfill({ response, json: { ...((await response.json()) as object), period } });
    });
    await open.clock.fastForward(61_000);
    await open.getByRole('heading', { level: 1, name: monthFrom(1) }).waitFor();
    await goTo(open, '#/closing');
    const row = open.getByRole('row').filter({ hasText: monthFrom(0) });
    await row.getByRole('link', { name: 'Close…' }).waitFor();
    await open.context().close();
  });

  it('sends nothing to other hosts, and its policy blocks nothing', () => {
    expect(console.misdeeds).toEqual([]);
  });
});
