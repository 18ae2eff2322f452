import { Told, beginAt } from '../../src/alerts/told';
import { happening, LEDGER, NOW, outboxOf, webhook, type TablesUnderTest } from './outbox.contract';

/** What every store remembers of what was reported. */
export function toldContract(open: () => Promise<TablesUnderTest>): void {
  const { outbox } = outboxOf(open);

  it('knows up to which position the ledger was read, and begins there once', async () => {
    const told = new Told(outbox.place.tables, LEDGER, () => NOW);
    expect(await told.position()).toBeUndefined();
    await outbox.place.tables.batch([beginAt(7)]);
    await outbox.place.tables.batch([beginAt(9)]);
    expect(await told.position()).toBe(7);
    await told.moveTo(12);
    const { tables } = await outbox.place.again();
    expect(await new Told(tables, LEDGER, () => NOW).position()).toBe(12);
  });

  it('remembers that it skipped events, until it has looked for what they would have told', async () => {
    const told = new Told(outbox.place.tables, LEDGER, () => NOW);
    await told.moveTo(12);
    expect(await told.hasSkipped()).toBe(false);
    await told.skipTo(7);
    const { tables } = await outbox.place.again();
    const again = new Told(tables, LEDGER, () => NOW);
    expect([await again.position(), await again.hasSkipped()]).toEqual([7, true]);
    await again.lookedForSkipped();
    expect([await told.position(), await told.hasSkipped()]).toEqual([7, false]);
  });

  it('does not report again what another instance has reported', async () => {
    await outbox.webhooks.add(webhook(1));
    const all = Array.from({ length: 250 }, (_, index) => happening(`${index}`));
    await new Told(outbox.place.tables, LEDGER, () => NOW).keep(all);
    const { tables } = await outbox.place.again();
    await new Told(tables, LEDGER, () => NOW + 1).keep([...all, happening('new')]);
    expect(await outbox.deliveries.due('wh_1', NOW + 1, 1_000)).toHaveLength(251);
  });
}
