import type { KeptTables } from '../../src/kept/kept-tables';
import { Alerts, MOST_ALERTS } from '../../src/alerts/alerts';
import { Told } from '../../src/alerts/told';
import type { Alert } from '../../src/alerts/alert';
import { Backlog } from '../../src/webhooks/backlog';
import { Deliveries } from '../../src/webhooks/deliveries';
import {
  keepHappening,
  happeningId,
  KEPT_FOREVER,
  type Happening,
} from '../../src/webhooks/happenings';
import { secretsAt, type Webhook } from '../../src/webhooks/webhook';
import { MOST_WEBHOOKS, Webhooks } from '../../src/webhooks/webhooks';

/** A store of webhooks and alerts, and how to open it once more, as another instance or after a restart. */
export interface TablesUnderTest {
  readonly tables: KeptTables;
  again(): Promise<{ readonly tables: KeptTables }>;
  close(): Promise<void>;
}

export const NOW = Date.parse('2026-11-20T00:00:00Z');
export const LEDGER = 'a-ledger';

export const webhook = (number: number, more: Partial<Webhook> = {}): Webhook => ({
  id: `wh_${number}`,
  url: 'https://example.com/hook',
  name: `hook ${number}`,
  types: ['minutebook.adjustment.recorded', 'minutebook.alert.reached'],
  enabled: true,
  secret: 'whsec_AAAA',
  oldSecrets: [],
  oldSecretUntil: null,
  createdAt: NOW + number,
  offBecause: null,
  offAt: null,
  ...more,
});

export const happening = (key: string, more: Partial<Happening> = {}): Happening => ({
  key,
  type: 'minutebook.adjustment.recorded',
  at: NOW,
  data: { key },
  ...more,
});

const alert = (number: number): Alert => ({
  id: `alert_${number}`,
  name: 'Ünï "code"',
  metric: 'billable_minutes',
  threshold: '1.5',
  share_of_limit: null,
  user_id: null,
  currency: null,
  from_period: '2026-11',
  created_at: NOW + number,
});

/** What is in the tables of a test. They are opened before each test and closed after it. */
export function outboxOf(open: () => Promise<TablesUnderTest>) {
  const outbox = {} as {
    place: TablesUnderTest;
    webhooks: Webhooks;
    deliveries: Deliveries;
  };
  beforeEach(async () => {
    outbox.place = await open();
    outbox.webhooks = new Webhooks(outbox.place.tables);
    outbox.deliveries = new Deliveries(outbox.place.tables);
  });
  afterEach(() => outbox.place.close());
  return {
    outbox,
    keep: (one: Happening, now = NOW) => outbox.place.tables.batch(keepHappening(LEDGER, one, now)),
    due: (id = 'wh_1', now = NOW) => outbox.deliveries.due(id, now, 100),
  };
}

/** What every store of webhooks, alerts and the outbox does. */
export function outboxContract(open: () => Promise<TablesUnderTest>): void {
  const { outbox, keep, due } = outboxOf(open);

  it('runs all of its statements or none', async () => {
    const sql = 'INSERT INTO follower (name, position) VALUES (?, ?)';
    const twice = [
      { sql, values: ['one', 1] },
      { sql, values: ['one', 2] },
    ];
    const ran = outbox.place.tables.batch(twice);
    expect(
      await ran.then(
        () => 'all',
        () => 'none',
      ),
    ).toBe('none');
    expect(await outbox.place.tables.all('SELECT name FROM follower')).toEqual([]);
  });

  it('returns webhooks and alerts as they were added, even after a restart', async () => {
    const all = [webhook(1), webhook(2, { enabled: false, types: ['minutebook.user.erased'] })];
    for (const one of all) await outbox.webhooks.add(one);
    await new Alerts(outbox.place.tables).add(alert(1));
    const { tables } = await outbox.place.again();
    expect(await new Webhooks(tables).list()).toEqual(all);
    expect(await new Webhooks(tables).find('wh_2')).toEqual(all[1]);
    expect(await new Alerts(tables).list()).toEqual([alert(1)]);
  });

  it('bounds the number of webhooks and of alerts', async () => {
    const fill = (table: string, count: number, columns: string) =>
      Array.from({ length: count }, (_, index) => ({
        sql: `INSERT INTO ${table} (${columns})`,
        values: [`${index}`],
      }));
    await outbox.place.tables.batch(
      fill(
        'webhooks',
        MOST_WEBHOOKS,
        `id, url, name, types, enabled, secret, created_at) VALUES (?, '', '', '', 1, '', 0`,
      ),
    );
    expect(await outbox.webhooks.add(webhook(1))).toBe(false);
    await outbox.place.tables.batch(
      fill(
        'alerts',
        MOST_ALERTS,
        `id, name, metric, from_period, created_at) VALUES (?, '', '', '', 0`,
      ),
    );
    expect(await new Alerts(outbox.place.tables).add(alert(1))).toBe(false);
  });

  it('keeps a happening once, with a delivery for each webhook that wants it at that time', async () => {
    await outbox.webhooks.add(webhook(1));
    await outbox.webhooks.add(webhook(2, { types: ['minutebook.user.erased'] }));
    await outbox.webhooks.add(webhook(3, { enabled: false }));
    await keep(happening('one'));
    await outbox.webhooks.add(webhook(4));
    const { tables } = await outbox.place.again();
    await tables.batch(keepHappening(LEDGER, happening('one'), NOW + 1));
    expect(await due()).toMatchObject([
      {
        happening_id: happeningId(happening('one')),
        type: 'minutebook.adjustment.recorded',
        tries: 0,
        next_try_at: NOW,
      },
    ]);
    for (const id of ['wh_2', 'wh_3', 'wh_4']) expect(await due(id)).toEqual([]);
  });

  it('keeps it once, even if several instances meet it at the same time', async () => {
    await outbox.webhooks.add(webhook(1));
    const others = await Promise.all([outbox.place.again(), outbox.place.again()]);
    await Promise.all(
      [outbox.place, ...others].map(({ tables }) =>
        tables.batch(keepHappening(LEDGER, happening('one'), NOW)),
      ),
    );
    expect(await due()).toHaveLength(1);
  });

  it('turns a webhook off once, and says why until it is turned on', async () => {
    for (const number of [1, 2]) await outbox.webhooks.add(webhook(number));
    expect(await outbox.webhooks.turnOff('wh_1', 'too_many_waiting', NOW + 5)).toBe(true);
    expect(await outbox.webhooks.turnOff('wh_1', 'too_many_waiting', NOW + 6)).toBe(false);
    expect(await outbox.webhooks.turnOff('wh_3', 'too_many_waiting', NOW + 6)).toBe(false);
    const { tables } = await outbox.place.again();
    const off = { enabled: false, offBecause: 'too_many_waiting', offAt: NOW + 5 } as const;
    expect(await new Webhooks(tables).list()).toEqual([webhook(1, off), webhook(2)]);
    await outbox.webhooks.update('wh_1', { name: 'other', types: ['minutebook.user.erased'] });
    const other = { name: 'other', types: ['minutebook.user.erased'] } as const;
    expect(await outbox.webhooks.find('wh_1')).toEqual(webhook(1, { ...off, ...other }));
    await outbox.webhooks.update('wh_1', { enabled: true });
    expect(await outbox.webhooks.find('wh_1')).toEqual(webhook(1, other));
    expect(await outbox.webhooks.update('wh_3', { enabled: true })).toBe(false);
  });

  it('turns off only the webhook with too many waiting deliveries, and queues nothing new for it', async () => {
    const said: string[] = [];
    const backlog = new Backlog({
      webhooks: outbox.webhooks,
      deliveries: outbox.deliveries,
      most: 100,
      isOnDuty: () => true,
      now: () => NOW,
      warn: (message) => said.push(message),
      report: (error) => said.push(String(error)),
    });
    const told = new Told(
      outbox.place.tables,
      LEDGER,
      () => NOW,
      (count) => backlog.kept(count),
    );
    await outbox.webhooks.add(webhook(1));
    await outbox.webhooks.add(webhook(2, { types: ['minutebook.user.erased'] }));
    // In small groups, as they happen.
    const some = (from: number, count: number) =>
      told.keep(Array.from({ length: count }, (_, index) => happening(`${from + index}`)));
    for (let from = 0; from < 500; from += 7) await some(from, 7);
    await some(1_000, 350);
    const [one, two] = await outbox.webhooks.list();
    expect(one).toMatchObject({ enabled: false, offBecause: 'too_many_waiting', offAt: NOW });
    expect(two).toEqual(webhook(2, { types: ['minutebook.user.erased'] }));
    expect(said).toEqual([expect.stringMatching(/^The webhook wh_1 was turned off: 100 deliv/)]);
    // It counts before ten more than the limit are waiting; a step is a tenth of the limit, or all that happens at
    // once.
    const waiting = await outbox.deliveries.countWaiting('wh_1', 1_000);
    expect(waiting).toBeGreaterThanOrEqual(100);
    expect(waiting).toBeLessThan(120);
    expect(backlog.waiting).toEqual([
      { webhook: 'wh_1', waiting, isOff: true },
      { webhook: 'wh_2', waiting: 0, isOff: false },
    ]);

    // Turned on again, it stays on as long as its waiting deliveries are sent.
    await outbox.webhooks.update('wh_1', { enabled: true });
    const tried = {
      wasDueAt: NOW,
      triesBefore: 0,
      lastStatus: 204,
      lastError: null,
      nextTryAt: null,
    };
    const sent = (await due()).slice(0, 12);
    await outbox.deliveries.note(
      sent.map(({ id }) => ({ ...tried, id, status: 'delivered' as const })),
    );
    await some(2_000, 10);
    expect(await outbox.webhooks.find('wh_1')).toMatchObject({ enabled: true });
    // If they are not sent, it is turned off again.
    await some(3_000, 10);
    expect(await outbox.webhooks.find('wh_1')).toMatchObject({ enabled: false });
    await backlog.close();
  });

  it('lists deliveries newest first, page by page', async () => {
    await outbox.webhooks.add(webhook(1));
    for (let index = 0; index < 5; index += 1)
      await keep(happening(`${index}`), NOW + (index >> 1));
    const seen: string[] = [];
    for (let after: { createdAt: number; id: string } | undefined; ;) {
      const page = await outbox.deliveries.list('wh_1', undefined, after, 2);
      seen.push(...page.map((one) => one.id));
      const last = page.at(-1);
      if (page.length < 2 || last === undefined) break;
      after = { createdAt: last.created_at, id: last.id };
    }
    expect(seen).toHaveLength(5);
    expect(new Set(seen).size).toBe(5);
  });

  it('rotates a secret and keeps the previous one', async () => {
    await outbox.webhooks.add(webhook(1));
    expect(await outbox.webhooks.rotate('wh_1', 'whsec_BBBB', NOW, NOW + 7)).toBe(true);
    expect(await outbox.webhooks.find('wh_1')).toMatchObject({
      secret: 'whsec_BBBB',
      oldSecrets: ['whsec_AAAA'],
      oldSecretUntil: NOW + 7,
    });
    expect(await outbox.webhooks.rotate('wh_2', 'whsec_BBBB', NOW, NOW)).toBe(false);
  });

  it('keeps all secrets that still sign when a secret is rotated again', async () => {
    await outbox.webhooks.add(webhook(1));
    const rotated = async (secret: string, now: number) => {
      await outbox.webhooks.rotate('wh_1', secret, now, now + 7);
      return secretsAt((await outbox.webhooks.find('wh_1'))!, now);
    };
    await rotated('whsec_BBBB', NOW);
    expect(await rotated('whsec_CCCC', NOW + 6)).toEqual([
      'whsec_CCCC',
      'whsec_BBBB',
      'whsec_AAAA',
    ]);
    expect(await rotated('whsec_DDDD', NOW + 20)).toEqual(['whsec_DDDD', 'whsec_CCCC']);
    for (const letter of ['E', 'F', 'G', 'H', 'I']) await rotated(`whsec_${letter}`, NOW + 21);
    expect(await rotated('whsec_J', NOW + 21)).toHaveLength(5);
  });

  it('forgets the deliveries of a webhook that is removed', async () => {
    await outbox.webhooks.add(webhook(1));
    await keep(happening('one'));
    expect(await outbox.webhooks.remove('wh_1')).toBe(true);
    expect(await outbox.webhooks.remove('wh_1')).toBe(false);
    expect(await due()).toEqual([]);
  });

  it('deletes what ended long ago, but never what is found again and again', async () => {
    await outbox.webhooks.add(webhook(1));
    await keep(happening('one'));
    for (const type of KEPT_FOREVER) await keep(happening('two', { type }));
    const all = await due();
    const tried = {
      wasDueAt: NOW,
      triesBefore: 0,
      lastStatus: 200,
      lastError: null,
      nextTryAt: null,
    };
    await outbox.deliveries.note(
      all.map(({ id }) => ({ ...tried, id, status: 'delivered' as const })),
    );
    await keep(happening('three'));
    await outbox.deliveries.sweep(NOW + 1);
    const types = await outbox.place.tables.all<{ type: string }>('SELECT type FROM happenings');
    expect(types.map(({ type }) => type).sort()).toEqual([
      'minutebook.adjustment.recorded',
      'minutebook.alert.reached',
      'minutebook.attempt.unrated',
      'minutebook.attempt.waiting',
      'minutebook.verification.failed',
    ]);
    expect(await outbox.deliveries.list('wh_1', undefined, undefined, 10)).toHaveLength(1);
  });
}
