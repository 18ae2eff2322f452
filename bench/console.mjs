/**
 * Measures the console in Chromium: how soon its first page appears, whether pages jump, and how a statement with very
 * many lines scrolls. Runs over a ledger that make-ledger.mjs made, or over a new one. See README.md.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { chromium } from 'playwright-core';

const { values } = parseArgs({
  options: {
    ledger: { type: 'string' },
    lines: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '5' },
    month: { type: 'string' },
  },
});
const [lines, rounds] = [Number(values.lines), Number(values.rounds)];
const BATCH = 1_000;
const USER = 'long-statement';
const folder = values.ledger ?? mkdtempSync(join(tmpdir(), 'minutebook-console-'));

const service = spawn(process.execPath, [join(import.meta.dirname, '../dist/main.js')], {
  env: { ...process.env, DATA_DIR: folder, PORT: '0', HOST: '127.0.0.1', RATE_LIMIT_COSTLY: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const url = await new Promise((resolve, reject) => {
  let said = '';
  service.stdout.on('data', (chunk) => {
    said += chunk;
    const found = /listens on (\S+)/.exec(said)?.[1];
    if (found !== undefined) resolve(found);
  });
  service.once('exit', () => reject(new Error(said)));
});
const keys = JSON.parse(readFileSync(join(folder, 'initial-keys.json'), 'utf8'));
const keyOf = (role) => {
  const found = JSON.stringify(keys).match(new RegExp(`mb_${role}_[\\w-]+`));
  return found[0];
};
const get = async (path) =>
  (await fetch(url + path, { headers: { authorization: `Bearer ${keyOf('finance')}` } })).json();

/** Waits until the read model has everything that is recorded; returns its position. */
async function caughtUp() {
  for (;;) {
    const { read_model } = await get('/health/ready');
    if (read_model !== undefined && (read_model.behind ?? 0) === 0)
      return Number(read_model.position);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Gives one user `lines` usage logs in the current month; sends only those that are missing. */
async function makeStatement() {
  const now = new Date().toISOString();
  const { transcriptions } = await get(`/v1/users/${USER}/usage-summary`);
  for (let from = transcriptions; from < lines; from += BATCH) {
    const events = Array.from({ length: Math.min(BATCH, lines - from) }, (_, index) => ({
      specversion: '1.0',
      id: `long-${from + index}`,
      source: 'bench/long',
      type: 'transcription.session.completed',
      time: now,
      data: {
        session_id: `long-${String(from + index).padStart(7, '0')}`,
        user_id: USER,
        stt_provider: 'google',
        duration_seconds: 60 + (index % 600),
      },
    }));
    const answer = await fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${keyOf('producer')}`,
        'content-type': 'application/cloudevents-batch+json',
      },
      body: JSON.stringify(events),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const spread = (numbers) =>
  `${Math.round(median(numbers))} (${Math.round(Math.min(...numbers))} to ${Math.round(Math.max(...numbers))})`;

/** Records layout shifts and long tasks from before the page loads. */
const WATCH = `
  globalThis.shift = 0; globalThis.longTasks = [];
  new PerformanceObserver((list) => { for (const one of list.getEntries()) if (!one.hadRecentInput) shift += one.value; })
    .observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => { for (const one of list.getEntries()) longTasks.push(one.duration); })
    .observe({ type: 'longtask', buffered: true });`;

async function open(browser, hash) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.addInitScript(WATCH);
  page.began = performance.now();
  await page.goto(`${url}/console/${hash}`);
  await page.locator('input[type=password]').fill(keyOf('admin'));
  return page;
}

/**
 * Prints the milliseconds from the address to the sign-in form, in a new window without a cache, and from signing in to
 * the month's figures.
 */
async function firstPages(browser) {
  const [doors, pages] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const page = await open(browser, values.month ? `#/period?period=${values.month}` : '');
    doors.push(performance.now() - page.began);
    const began = performance.now();
    await page.locator('button[type=submit]').click();
    await page.locator('.figure-box.main .figure-value').waitFor();
    await page.getByText('Top users').waitFor();
    pages.push(performance.now() - began);
    await page.context().close();
  }
  console.log(`sign-in form: ${spread(doors)} ms; month after the key: ${spread(pages)} ms`);
}

/** Prints the layout shift of each page on a direct visit and at 390 px. */
async function shifts(browser) {
  const hashes = ['period', 'users', `users/${USER}`, 'waiting', 'closing', 'prices', 'ledger'];
  hashes.push('writes', 'checks', 'reconcile', 'alerts', 'operations', 'webhooks', 'keys');
  const page = await open(browser, '');
  await page.locator('button[type=submit]').click();
  await page.getByRole('navigation').waitFor();
  for (const hash of hashes) {
    await page.evaluate('shift = 0');
    await page.evaluate((to) => (location.hash = `#/${to}`), hash);
    await page.waitForTimeout(2_000);
    console.log(`layout shift of ${hash}: ${(await page.evaluate('shift')).toFixed(3)}`);
  }
  await page.context().close();
}

/** Prints how the long statement loads and scrolls. */
async function longStatement(browser) {
  const page = await open(browser, `#/users/${USER}`);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  const began = performance.now();
  await page.locator('button[type=submit]').click();
  await page.locator('.long-body .long-row a').first().waitFor();
  console.log(`first lines: ${Math.round(performance.now() - began)} ms after the key`);
  await page.waitForTimeout(2_000);
  await page.evaluate('longTasks.length = 0');
  for (const [name, step] of [
    ['slowly', 40],
    ['fast', 2_000],
  ]) {
    const frames = await page.evaluate(
      (pixels) =>
        new Promise((resolve) => {
          const box = document.querySelector('.long');
          const gaps = [];
          let last = performance.now();
          const next = (now) => {
            gaps.push(now - last);
            last = now;
            box.scrollTop += pixels;
            if (gaps.length < 300) requestAnimationFrame(next);
            else resolve(gaps.slice(1));
          };
          requestAnimationFrame(next);
        }),
      step,
    );
    const late = frames.filter((gap) => gap > 34).length;
    const tasks = await page.evaluate('longTasks.splice(0)');
    console.log(
      `scrolled ${name}: 300 frames, median ${median(frames).toFixed(1)} ms, longest ${Math.max(...frames).toFixed(0)} ms, ${late} above 34 ms, ${tasks.length} long tasks (longest ${Math.round(Math.max(0, ...tasks))} ms)`,
    );
  }
  const jumped = performance.now();
  await page.evaluate(() => {
    const box = document.querySelector('.long');
    box.scrollTop = box.scrollHeight;
  });
  await page.locator(`.long-row[aria-rowindex="${lines + 1}"] a`).waitFor();
  const tasks = await page.evaluate('longTasks.splice(0)');
  const nodes = await page.evaluate('document.querySelectorAll("*").length');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize').value;
  console.log(
    `from the first lines to the last: ${Math.round(performance.now() - jumped)} ms, ${tasks.length} long tasks (longest ${Math.round(Math.max(0, ...tasks))} ms); ${nodes} elements, heap ${Math.round(heap / 1e6)} MB`,
  );
  await page.context().close();
}

try {
  await caughtUp();
  await makeStatement();
  console.log(`events: ${await caughtUp()}`);
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  await firstPages(browser);
  await shifts(browser);
  if (lines > 0) await longStatement(browser);
  await browser.close();
} finally {
  service.kill();
  await once(service, 'exit');
  if (values.ledger === undefined) rmSync(folder, { recursive: true });
}
