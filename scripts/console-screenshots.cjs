/**
 * Takes the pictures of the console that the README and the docs show, from a ledger made for them, so that they stay
 * true: `npm run build && node scripts/console-screenshots.cjs [FOLDER]` (needs Debian's chromium and playwright-core;
 * FOLDER is docs/images by default). With ALL=1 it takes the pages of ALL below for inspection: light, dark, and at the
 * width of a phone. `test/console/` looks at every page.
 */
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { mkdirSync, mkdtempSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const { chromium } = require('playwright-core');

const built = process.env['BUILT'] ?? join(__dirname, '../dist');
const folder = process.argv[2] ?? join(__dirname, '../docs/images');
const data = mkdtempSync(join(tmpdir(), 'minutebook-pictures-'));
const now = new Date();
const month = now.toISOString().slice(0, 7);

const DOCS = [
  ['month', '#/period', 'Top users'],
  ['charge', '#/logs/rec-7~1', 'Why it costs this'],
  ['reconcile', '#/reconcile', 'Earlier comparisons'],
];
const ALL = [
  ...DOCS,
  ['users', '#/users?search=a', 'All users with usage'],
  ['user', '#/users/anna', 'Statement'],
  ['find', '#/find?search=rec-1', 'Usage logs'],
  ['writes', '#/writes', 'Newest first'],
  ['alerts', '#/alerts', 'All alerts'],
  ['webhooks', '#/webhooks', 'Webhooks'],
  ['checks', '#/checks', 'Check a bundle'],
];

/** Resolves to the service's address once it listens. */
function listening(service) {
  return new Promise((resolve, reject) => {
    let said = '';
    service.stdout.on('data', (chunk) => {
      said += chunk;
      const found = /listens on (\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    service.once('exit', () => reject(new Error(`The service did not start: ${said}`)));
  });
}

/** A month of a few users. The numbers are the same every time; the days are in the current month. */
function facts() {
  const users = ['anna', 'ben', 'carla', 'dmitri', 'إليسا'].slice(0, 4);
  const begin = Date.parse(`${month}-01T08:00:00Z`);
  const span = Math.max(3_600_000, now.getTime() - begin - 60_000);
  return Array.from({ length: 120 }, (_, at) => ({
    specversion: '1.0',
    id: `picture-${at}`,
    source: 'pictures',
    type: 'transcription.session.completed',
    time: new Date(begin + Math.floor((span * at) / 120)).toISOString(),
    data: {
      session_id: `rec-${at}`,
      user_id: users[(at * at) % users.length],
      stt_provider: ['google', 'deepgram', 'whisper'][at % 3],
      duration_seconds: 60 + ((at * 397) % 5_400),
    },
  }));
}

async function post(url, key, path, body, more = {}) {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...more },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

async function fill(url, keys) {
  await post(url, keys.producer, '/v1/events', facts(), {
    'content-type': 'application/cloudevents-batch+json',
  });
  const order = { user_id: 'anna', period: month, amount_cents: -50, reason: 'Goodwill' };
  await post(url, keys.admin, '/v1/adjustments', order, { 'idempotency-key': 'picture' });
  await post(url, keys.admin, '/v1/alerts', {
    name: 'Much used',
    metric: 'billable_minutes',
    share_of_limit: '0.8',
  });
  const types = ['minutebook.alert.reached', 'minutebook.billing_period.closed'];
  const webhook = { name: 'Books', url: 'https://8.8.8.8/hook', types };
  await post(url, keys.admin, '/v1/webhooks', webhook);
}

async function take(browser, url, key, pages, name, options) {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  const page = await context.newPage();
  await page.goto(`${url}/console/`);
  await page.locator('input[type=password]').fill(key);
  await page.locator('button[type=submit]').click();
  await page.getByRole('navigation').waitFor();
  // The machine may have no font for the other language's name.
  await page.evaluate('document.querySelector("button[lang]").hidden = true');
  for (const [title, hash, text] of pages) {
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    await page.getByText(text).first().waitFor();
    await page.waitForTimeout(600);
    await page.screenshot({ path: join(folder, `${title}${name}.png`) });
  }
  await context.close();
}

async function main() {
  mkdirSync(folder, { recursive: true });
  const service = spawn(process.execPath, [join(built, 'main.js')], {
    env: { ...process.env, DATA_DIR: data, PORT: '0', HOST: '127.0.0.1', BILLING_TIME_ZONE: 'UTC' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  try {
    const url = await listening(service);
    const keys = JSON.parse(readFileSync(join(data, 'initial-keys.json'), 'utf8'));
    await fill(url, keys);
    const wide = { viewport: { width: 1280, height: 800 } };
    if (process.env['ALL'] === undefined) {
      await take(browser, url, keys.admin, DOCS, '', wide);
      return;
    }
    await take(browser, url, keys.admin, ALL, '', wide);
    await take(browser, url, keys.admin, ALL, '-dark', { ...wide, colorScheme: 'dark' });
    const narrow = { viewport: { width: 390, height: 844 } };
    await take(browser, url, keys.admin, ALL, '-390', narrow);
  } finally {
    await browser.close();
    const ended = once(service, 'exit');
    service.kill('SIGTERM');
    await ended;
    rmSync(data, { recursive: true, force: true });
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
