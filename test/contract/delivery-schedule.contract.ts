import { LONGEST_ASKED, LONGEST_PLANNED } from '../../src/webhooks/schedule';
import { happening, NOW, outboxOf, webhook, type TablesUnderTest } from './outbox.contract';

/** When every outbox sends what it holds. */
export function deliveryScheduleContract(open: () => Promise<TablesUnderTest>): void {
  const { outbox, keep, due } = outboxOf(open);

  it('returns the deliveries that are due, not those that have ended or must wait', async () => {
    await outbox.webhooks.add(webhook(1));
    for (const key of ['one', 'two', 'three']) await keep(happening(key));
    const [first, second, third] = await due();
    const tried = { wasDueAt: NOW, triesBefore: 0, lastStatus: 500, lastError: 'answered 500' };
    await outbox.deliveries.note([
      { ...tried, id: first!.id, status: 'waiting', nextTryAt: NOW + 5_000 },
      { ...tried, id: second!.id, status: 'delivered', nextTryAt: null },
      { ...tried, id: third!.id, status: 'failed', nextTryAt: null },
    ]);
    expect(await due()).toEqual([]);
    expect(await due('wh_1', NOW + 5_000)).toMatchObject([{ id: first!.id, step: 1, tries: 1 }]);
    const failed = await outbox.deliveries.list('wh_1', 'failed', undefined, 10);
    expect(failed).toMatchObject([{ id: third!.id, last_status: 500, last_error: 'answered 500' }]);
  });

  it('brings forward what waits longer than it may, and leaves the rest', async () => {
    await outbox.webhooks.add(webhook(1));
    const hour = 3_600_000;
    await keep(happening('one'), NOW + hour);
    for (const key of ['two', 'three', 'four']) await keep(happening(key));
    const waits = [5_000, 5 * hour, 1_000 * hour];
    const tried = { wasDueAt: NOW, triesBefore: 0, lastStatus: 500, lastError: null };
    await outbox.deliveries.note(
      (await due()).map(({ id }, index) => ({
        ...tried,
        id,
        status: 'waiting',
        nextTryAt: NOW + waits[index]!,
      })),
    );
    expect(await due()).toEqual([]);
    const schedule = async () =>
      (await due('wh_1', Number.MAX_SAFE_INTEGER)).map(
        ({ next_try_at }) => Number(next_try_at) - NOW,
      );
    // The receiver of a delivery that was tried may have asked for a day.
    await outbox.deliveries.bringForward(NOW, LONGEST_ASKED);
    expect(await schedule()).toEqual([0, 5_000, 5 * hour, 26.4 * hour]);
    expect(await due()).toHaveLength(1);
    await outbox.deliveries.bringForward(NOW, LONGEST_PLANNED);
    expect(await schedule()).toEqual([0, 5_000, 5_500, 5_500]);
  });

  it('counts a try once, even if its result is recorded again because the answer was lost', async () => {
    await outbox.webhooks.add(webhook(1));
    await keep(happening('one'));
    const { id } = (await due())[0]!;
    const tried = { id, wasDueAt: NOW, triesBefore: 0, lastStatus: 500, lastError: null };
    const again = [{ ...tried, status: 'waiting' as const, nextTryAt: NOW + 5_000 }];
    await outbox.deliveries.note(again);
    await outbox.deliveries.note(again);
    expect(await due('wh_1', NOW + 5_000)).toMatchObject([{ id, tries: 1, step: 1 }]);
  });

  it('sends again what was requested while an attempt was under way', async () => {
    await outbox.webhooks.add(webhook(1));
    await keep(happening('one'));
    const { id } = (await due())[0]!;
    expect(await outbox.deliveries.again('wh_1', id, NOW + 1)).toBe(true);
    const tried = { id, wasDueAt: NOW, triesBefore: 0, lastStatus: 200, lastError: null };
    await outbox.deliveries.note([{ ...tried, status: 'delivered', nextTryAt: null }]);
    expect(await due('wh_1', NOW + 1)).toMatchObject([{ id, tries: 1, step: 0 }]);
    expect(await outbox.deliveries.again('wh_2', id, NOW)).toBe(false);
  });
}
