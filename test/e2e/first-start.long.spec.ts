import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { build, run, ServingProcess } from '../support/process';

const KEEPS =
  'It keeps these forever. If they are not what you mean, start again before the first event, with BILLING_TIME_ZONE, RATE_CARD_FILE and PLANS_FILE as they should be, and an empty DATA_DIR.';
const PRICES = { prices: { default: { amount: '0.02' } } };

describe('what a service says about its ledger', () => {
  let folder: string;
  beforeAll(() => build(), 120_000);
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'minutebook-first-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const startOf = async (environment: Readonly<Record<string, string>> = {}) => {
    const service = await ServingProcess.start(join(folder, 'data'), environment);
    await service.stop();
    return service
      .said()
      .split('\n')
      .filter((line) => !/^(Ledger: |Minutebook listens|API keys|$)/.test(line));
  };
  const file = (name: string, content: unknown) => {
    writeFileSync(join(folder, name), JSON.stringify(content));
    return join(folder, name);
  };

  it('covers at the first start all that is kept forever, and later the zone, currency and cards', async () => {
    expect(await startOf()).toEqual([
      'New ledger: billing months in UTC, default currency TWD; opened with the rate card for TWD that ships, and the plans that ship (free, pro, enterprise).',
      KEEPS,
    ]);
    expect(await startOf()).toEqual([
      'Ledger terms: billing months in UTC, default currency TWD; opened with the rate card for TWD.',
    ]);
  });

  it('names the files that it opened with, and says if they have changed since without effect', async () => {
    const environment = {
      BILLING_TIME_ZONE: 'Asia/Taipei',
      RATE_CARD_FILE: file('cards.json', [
        { currency: 'USD', ...PRICES },
        { currency: 'EUR', effective_from: '1970-01-01T00:00:00Z', ...PRICES },
      ]),
      PLANS_FILE: file('plans.json', { free: {} }),
    };
    expect(await startOf(environment)).toEqual([
      `New ledger: billing months in Asia/Taipei, default currency USD; opened with the rate cards for USD, EUR in ${environment.RATE_CARD_FILE}, and the plans in ${environment.PLANS_FILE} (free).`,
      KEEPS,
    ]);
    const terms =
      'Ledger terms: billing months in Asia/Taipei, default currency USD; opened with the rate cards for USD, EUR.';
    expect(await startOf(environment)).toEqual([terms]);
    file('cards.json', { currency: 'USD', ...PRICES });
    file('plans.json', { free: {}, team: {} });
    expect(await startOf(environment)).toEqual([
      terms,
      'RATE_CARD_FILE differs from the cards at its opening, and has no effect: publish a card with POST /v1/rate-cards.',
      'PLANS_FILE differs from the plans at its opening, and has no effect: define a plan with PUT /v1/plans/{plan}.',
    ]);
  });

  it('warns if a variable looks misspelt, in the log if there is one', async () => {
    const RATE_CARDS_FILE = file('cards.json', { currency: 'USD', ...PRICES });
    const warning =
      'Warning: the environment has RATE_CARDS_FILE, which Minutebook does not read, and no RATE_CARD_FILE. If you mean RATE_CARD_FILE, correct the name, and start again.';
    expect(await startOf({ RATE_CARDS_FILE })).toContain(warning);
    const lines = (await startOf({ RATE_CARDS_FILE, LOG_FORMAT: 'json' })).map(
      (line) => JSON.parse(line) as Record<string, unknown>,
    );
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'warn', context: 'serve', msg: warning }),
    );
    const refused = await run(['serve'], { BILLING_TIMEZONE: 'Asia/Taipei', PORT: 'x' });
    expect(refused.stderr).toMatch(/^Warning: .*BILLING_TIMEZONE.*\n.*mistakes/);
  });

  it('is also said by a command that opens a new ledger', async () => {
    const path = file('event.ndjson', {
      specversion: '1.0',
      id: 'a',
      source: 'my/worker',
      type: 'transcription.session.completed',
      time: '2025-10-05T10:00:00Z',
      data: { session_id: 'a', user_id: 'ann', stt_provider: 'google', duration_seconds: 60 },
    });
    const DATA_DIR = join(folder, 'data');
    const first = await run(['import', path], { DATA_DIR });
    expect([first.status, first.stderr]).toEqual([0, expect.stringContaining('New ledger: ')]);
    const second = await run(['import', path], { DATA_DIR });
    expect([second.status, second.stderr]).toEqual([0, expect.not.stringContaining('edger')]);
  });
});
