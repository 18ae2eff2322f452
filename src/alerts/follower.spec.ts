import { setTimeout as sleep } from 'node:timers/promises';

import { Follower, type FollowerParts } from './follower';
import type { Position, StoredEvent } from '../event-store/port';

/** Makes the parts of a follower of a ledger with events at 1 to `head`, of which it knew those up to `kept`. */
function partsOf({ head, kept }: { head: number; kept: number }) {
  const looked: string[] = [];
  const told = { position: kept, hasSkipped: false };
  const world = { projected: 0, head };
  const event = (position: number): StoredEvent => ({
    position: position as Position,
    stream: `account-ann-${position}`,
    revision: 0,
    id: String(position),
    type: 'plan.assigned',
    body: '{}',
    recordedAt: 1,
  });
  const look = (name: string) => () => Promise.resolve(void looked.push(name));
  const move = (changes: Partial<typeof told>) =>
    Promise.resolve(void Object.assign(told, changes));
  const parts = {
    store: {
      head: () => Promise.resolve(world.head),
      readStream: () => Promise.resolve([]),
      readAll: (after: number) => {
        const page = [];
        for (let at = after + 1; at <= world.head; at += 1) page.push(event(at));
        return Promise.resolve(page);
      },
    },
    alerts: { list: () => Promise.resolve([]) },
    webhooks: { list: () => Promise.resolve([{}]) },
    evaluation: {
      ofSessions: look('sessions'),
      ofUsers: look('users'),
      ofEveryone: look('everyone'),
      ofUnrated: look('unrated'),
      ofWaiting: look('waiting'),
    },
    told: {
      keep: () => Promise.resolve(0),
      forget: () => undefined,
      position: () => Promise.resolve(told.position),
      moveTo: (position: number) => move({ position }),
      skipTo: (position: number) => move({ position, hasSkipped: true }),
      hasSkipped: () => Promise.resolve(told.hasSkipped),
      lookedForSkipped: () => move({ hasSkipped: false }),
    },
    now: () => 1,
    projected: () => world.projected,
    isOnDuty: () => true,
    wakeSender: () => undefined,
    report: (error: unknown) => {
      throw error;
    },
  } as unknown as FollowerParts;
  return { parts, world, looked, told };
}

/** Lets the follower look once. */
async function looks(follower: Follower): Promise<void> {
  follower.start();
  await sleep(20);
  await follower.close();
}

describe('a follower', () => {
  it('looks at nothing while the read model is being filled up to where it was', async () => {
    const { parts, world, looked } = partsOf({ head: 10, kept: 8 });
    world.projected = 3;
    await looks(new Follower(parts));
    expect(looked).toEqual([]);
    world.projected = 10;
    await looks(new Follower(parts));
    expect(looked).toContain('waiting');
  });

  it('reports nothing that a restored ledger still has', async () => {
    const { parts, world, looked, told } = partsOf({ head: 10, kept: 40 });
    world.projected = 2;
    await looks(new Follower(parts));
    expect(told.position).toBe(10);
    world.projected = 10;
    await looks(new Follower(parts));
    expect(looked).not.toContain('users');
    world.projected = world.head = 11;
    await looks(new Follower(parts));
    expect(looked.filter((name) => name === 'users')).toHaveLength(1);
    expect(told.position).toBe(11);
  });

  it('looks for attempts without a price once after a restore, though it was stopped meanwhile', async () => {
    const { parts, world, looked } = partsOf({ head: 10, kept: 40 });
    world.projected = 10;
    // It reads many attempts, and is still at it when the service stops.
    const untilStopped = (signal: AbortSignal) =>
      new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    jest.spyOn(parts.evaluation, 'ofUnrated').mockImplementationOnce(untilStopped);
    await looks(new Follower(parts));
    await looks(new Follower(parts));
    await looks(new Follower(parts));
    expect(looked.filter((name) => name === 'unrated')).toHaveLength(1);
  });

  it('does not look for them later if nobody was to be told', async () => {
    const { parts, world, looked } = partsOf({ head: 10, kept: 40 });
    world.projected = 10;
    const { list } = parts.webhooks;
    parts.webhooks.list = () => Promise.resolve([]);
    await looks(new Follower(parts));
    parts.webhooks.list = list;
    await looks(new Follower(parts));
    expect(looked).toContain('waiting');
    expect(looked).not.toContain('unrated');
  });
});
