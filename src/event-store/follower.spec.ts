import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';

import { eventually } from '../../test/support/eventually';
import { Follower, GATHER_MS } from './follower';
import { MANY } from './gather';
import { START, type Position, type StoredEvent } from './port';

/** A store of numbered events, and a follower of it. */
class Followed {
  private readonly events: StoredEvent[] = [];
  readonly pages: number[] = [];
  isAwaited = false;
  readonly follower = new Follower(this, {
    after: START,
    pageSize: 1_000,
    isAwaited: () => this.isAwaited,
    onPage: (events) => {
      this.pages.push(events.length);
      return Promise.resolve();
    },
  });

  readAll(after: Position, limit: number): Promise<readonly StoredEvent[]> {
    return Promise.resolve(this.events.slice(after, after + limit));
  }

  append(count: number): void {
    for (let added = 0; added < count; added += 1) {
      this.events.push({ position: this.events.length + 1, body: '{}' } as StoredEvent);
    }
    this.follower.wake();
  }

  /** Appends one event after another, each after the page of the one before. */
  async appendOneByOne(count: number): Promise<void> {
    for (let added = 0; added < count; added += 1) {
      const before = this.pages.length;
      this.append(1);
      while (this.pages.length === before) await turn();
    }
  }
}

describe('a follower of an embedded store', () => {
  let followed: Followed;
  beforeEach(() => (followed = new Followed()));
  afterEach(() => followed.follower.close());

  it('delivers single events at once', async () => {
    for (let told = 1; told <= 3; told += 1) {
      const began = performance.now();
      followed.append(1);
      await eventually(() => followed.pages.length === told);
      expect(performance.now() - began).toBeLessThan(GATHER_MS / 2);
      await sleep(20);
    }
  });

  it('lets events gather while many arrive, however small their pages', async () => {
    await followed.appendOneByOne(MANY);
    for (let added = 0; added < 20; added += 1) {
      followed.append(1);
      await turn();
    }
    await eventually(() => followed.pages.length > MANY);
    expect(followed.pages).toEqual([...Array<number>(MANY).fill(1), 20]);
  });

  it('stops gathering as soon as somebody waits', async () => {
    followed.append(MANY);
    await eventually(() => followed.pages.length === 1);
    followed.append(5);
    await sleep(50);
    expect(followed.pages).toEqual([MANY]);
    followed.isAwaited = true;
    const began = performance.now();
    await eventually(() => followed.pages.length === 2);
    expect(performance.now() - began).toBeLessThan(GATHER_MS / 2);
  });

  it('lets nothing gather while it has more to deliver than a page', async () => {
    const began = performance.now();
    followed.append(3_500);
    await eventually(() => followed.pages.length === 4);
    expect(followed.pages).toEqual([1_000, 1_000, 1_000, 500]);
    expect(performance.now() - began).toBeLessThan(GATHER_MS / 2);
  });

  it('closes while events gather', async () => {
    followed.append(MANY);
    await eventually(() => followed.pages.length === 1);
    const began = performance.now();
    await followed.follower.close();
    expect(performance.now() - began).toBeLessThan(GATHER_MS / 2);
  });
});
