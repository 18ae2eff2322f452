import { readFileSync } from 'node:fs';

import type { Page } from 'playwright-core';

import { EXPORT_FORMATS, exportFileName, type ExportFormat } from '../../src/exports/formats';
import { buildWithConsole, HAS_BROWSER } from '../support/browser';
import { ConsoleBrowser, goTo } from '../support/console';
import { eventually } from '../support/eventually';
import { ProcessService } from '../support/process-service';
import { completed } from '../support/service';

const inBrowser = HAS_BROWSER ? describe : describe.skip;
const MONTH = '2026-09';
const LAST_YEAR = '2025-09';

/** From an empty ledger to a closed month, using only the page. */
inBrowser("finance's day in the console", () => {
  let service: ProcessService;
  let console: ConsoleBrowser;
  let page: Page;

  beforeAll(async () => {
    buildWithConsole();
    service = await ProcessService.start({ BILLING_TIME_ZONE: 'UTC' });
    console = await ConsoleBrowser.start(service.url);
    page = await console.signIn(service.keys.finance);
  }, 180_000);
  afterAll(async () => {
    await console?.close();
    await service?.close();
  });

  const main = () => page.locator('main');
  const dialog = () => page.getByRole('dialog');
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  /** Goes through the steps of a dialog; returns what it was about to write and what it said afterwards. */
  const write = async (confirm: string) => {
    await button('Review').click();
    await button(confirm).waitFor();
    const reviewed = await dialog().innerText();
    await button(confirm).click();
    await button('Done').waitFor();
    const said = await dialog().innerText();
    await button('Done').click();
    return { reviewed, said };
  };
  const rowsOf = async (name: string) => {
    const rows = page.getByRole('group', { name }).getByRole('row');
    return (await rows.allInnerTexts()).map((row) => row.split('\t'));
  };
  const fact = (session_id: string, user_id: string, time: string, duration_seconds = 600) =>
    completed({ session_id, user_id, duration_seconds }, { time });

  it('begins with an empty ledger, which says what to do', async () => {
    await main()
      .getByText(/There is no usage in/)
      .waitFor();
    await goTo(page, '#/closing');
    await main()
      .getByText(/No month/)
      .or(main().getByText(/Nothing/))
      .first()
      .waitFor();
    await service.batch([
      fact('old-1', 'ann', `${LAST_YEAR}-10T10:00:00Z`),
      fact('rec-1', 'ann', `${MONTH}-10T10:00:00Z`),
      fact('rec-2', 'ann', `${MONTH}-11T10:00:00Z`, 90),
      fact('rec-3', 'bob', `${MONTH}-12T10:00:00Z`),
    ]);
  });

  it('prices a sample session while a card is typed, and says what is wrong with the card', async () => {
    await goTo(page, '#/prices');
    const card = page.getByLabel('The card', { exact: true });
    const draft = JSON.parse(await card.inputValue()) as { prices: Record<string, object> };
    const google = { amount: '0.06', increment_seconds: '60', minimum_seconds: '60' };
    await card.fill(JSON.stringify({ ...draft, prices: { ...draft.prices, google } }));
    await main().getByText('This session would cost TWD 0.12').waitFor();
    await page.getByLabel('Seconds', { exact: true }).fill('61.5');
    await page.getByLabel('Channels', { exact: true }).fill('0');
    await main().getByText('Channels: a whole number from 1 to 1000.').waitFor();
    await page.getByLabel('Channels', { exact: true }).fill('1');
    await main().getByText('This session would cost TWD 0.12').waitFor();
    await page.getByLabel('Seconds', { exact: true }).fill('59');
    await main().getByText('This session would cost TWD 0.06').waitFor();
    await card.fill(JSON.stringify({ ...draft, prices: { google: { amount: 'free' } } }));
    await main().getByText('/prices/google/amount').waitFor();
    await card.fill(JSON.stringify({ ...draft, prices: { ...draft.prices, google } }));
  });

  it('rehearses the draft on all months: who would pay more, and by how much', async () => {
    await button('Try it on all months').click();
    await page.getByRole('group', { name: 'Users whose bills would differ most' }).waitFor();
    const totals = await rowsOf('The months under the draft');
    expect(totals.slice(1).map((row) => row.at(-1))).toEqual(['+0.30', '+0.66']);
    const users = await rowsOf('Users whose bills would differ most');
    expect(users.slice(1).map((row) => [row[0], row.at(-1)])).toEqual([
      ['ann', '+0.36'],
      ['ann', '+0.30'],
      ['bob', '+0.30'],
    ]);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      button('Download all as CSV').click(),
    ]);
    expect(
      readFileSync(await download.path(), 'utf8')
        .trim()
        .split('\n'),
    ).toHaveLength(4);
  });

  it('publishes the card after showing it', async () => {
    await button('Publish…').click();
    const { reviewed, said } = await write('Publish the card');
    expect(reviewed).toContain('google');
    expect(said).toContain('Published.');
    await main().getByText('in force').waitFor();
    await main().getByText('over', { exact: true }).waitFor();
  });

  it('defines a plan, makes it the default, and assigns it to a user', async () => {
    await button('New plan').click();
    await page.getByLabel('Name').fill('team');
    await page.getByLabel('Included minutes a month').fill('100');
    await page.getByLabel('Sessions a month').fill('500');
    expect((await write('Define the plan')).reviewed).toContain('500');
    await button('Default plan').click();
    await dialog().getByLabel('Plan').selectOption('team');
    await write('Set the default plan');
    await goTo(page, '#/users/bob');
    await button('Plan').click();
    await dialog().getByLabel('Plan').selectOption('team');
    const { reviewed, said } = await write('Assign the plan');
    expect(reviewed).toContain('bob');
    expect(said).toContain('has the plan team, billed in TWD');
    const { body } = await service.get('/v1/users/bob/plan');
    expect(body).toMatchObject({ plan: 'team' });
  });

  it('voids a session, and keeps open the dialog that says what to do next', async () => {
    await goTo(page, '#/sessions/rec-2');
    await button('Void').click();
    await page.getByLabel('Reason').fill('Wrong user');
    await button('Review').click();
    const readAgain = page.waitForResponse((one) => one.url().endsWith('/v1/sessions/rec-2'));
    await button('Void the session').click();
    await readAgain;
    await dialog().getByText('Now have the correct facts sent').waitFor();
    await button('Done').click();
    await main().getByText('the session was voided').waitFor();
  });

  it('compares two moments of a statement: what changed, and which event changed it', async () => {
    await goTo(page, `#/users/ann/compare?period=${MONTH}&a=5`);
    await page.getByRole('group', { name: 'Lines that changed' }).waitFor();
    const lines = await rowsOf('Lines that changed');
    expect(lines.slice(1).map((row) => [row[0], row[1], row.at(-1)])).toEqual([
      ['rec-2~1', 'gone', '-0.06'],
    ]);
    await page.getByRole('group', { name: 'Events' }).getByText('session.voided').waitFor();
  });

  it('closes a month step by step, names an earlier open one, and shows the root', async () => {
    await goTo(page, `#/closing/${MONTH}`);
    await main().getByText('Still open: September 2025.').waitFor();
    await button('Close September 2026').click();
    await button('Review').click();
    expect(await dialog().innerText()).toContain('0.60, from 2 users');
    await button('Close the month for good').click();
    await dialog().getByText('September 2026 is closed').waitFor();
    const closed = async () => {
      type Periods = { items: { period: string; root: string | null }[] };
      const { body } = await service.get<Periods>('/v1/billing-periods');
      return body.items.find(({ period }) => period === MONTH)!.root;
    };
    await eventually(async () => (await closed()) !== null);
    const root = (await closed())!;
    expect(await dialog().innerText()).toContain(root);
    await button('Done').click();
    await main().getByText(root).waitFor();
    await main().getByRole('heading', { name: 'September 2026 is closed' }).waitFor();
  });

  it('replays everything, and downloads each file of the month', async () => {
    await goTo(page, `#/checks?period=${MONTH}`);
    await page.getByLabel('All months').check();
    await button('Replay everything').click();
    await main().getByText('Everything follows.').waitFor();
    const exports: Readonly<Record<ExportFormat, readonly [button: string, first: RegExp]>> = {
      csv: ['CSV', /^billing_period,|^id,|^[a-z_]+,/],
      ndjson: ['NDJSON', /^\{"/],
      focus: ['FOCUS 1.2', /^[A-Za-z]+,/],
      hledger: ['hledger', /^/],
    };
    for (const [name, first, file] of [
      ...EXPORT_FORMATS.map((one) => [...exports[one], exportFileName(MONTH, one)] as const),
      ['Download', /^\{"line":"header"/, `bundle-${MONTH}.ndjson`] as const,
    ]) {
      const [download] = await Promise.all([page.waitForEvent('download'), button(name).click()]);
      expect(readFileSync(await download.path(), 'utf8')).toMatch(first);
      expect(download.suggestedFilename()).toBe(file);
    }
  });

  it('lists everything that was written: who, when, what', async () => {
    await goTo(page, '#/writes');
    await main().getByText('Wrong user').waitFor();
    const rows = await main().getByRole('row').allInnerTexts();
    expect(rows).toHaveLength(7);
    expect(rows.slice(1).every((row) => row.includes('initial-finance'))).toBe(true);
    expect(rows[1]).toContain('September 2026');
  });

  it('makes a key for one user, which sees only that user, and revokes it', async () => {
    const finance = page;
    page = await console.signIn(service.keys.admin, '#/keys');
    await button('New key').click();
    await page.getByLabel('Role').selectOption('reader');
    await page.getByLabel('Name').fill('app of bob');
    await page.getByLabel('Only this user').fill('bob');
    await button('Review').click();
    await button('Make the key').click();
    const key = (await dialog().locator('.secret').innerText()).trim();
    await button('Done').click();
    const reader = await console.open('');
    await reader.locator('input[type=password]').fill(key);
    await reader.locator('button[type=submit]').click();
    await reader.getByRole('heading', { name: 'bob' }).waitFor();
    const row = main().getByRole('row').filter({ hasText: 'app of bob' });
    await row.getByRole('button', { name: 'Revoke' }).click();
    expect((await write('Revoke it')).said).toContain('within two seconds');
    await row.getByText('–').last().waitFor();
    await goTo(reader, `#/users/bob?period=${MONTH}`);
    await reader.getByText('The key no longer works').first().waitFor();
    await reader.context().close();
    await page.context().close();
    page = finance;
  });

  it('sends nothing to other hosts, and its policy blocks nothing', () => {
    expect(console.misdeeds).toEqual([]);
  });
});
