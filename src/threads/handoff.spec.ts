import { Handoff } from './handoff';

const turns = () => new Promise((resolve) => setImmediate(resolve));

describe('a handoff', () => {
  it('hands things over in order, and keeps the maker at most one ahead', async () => {
    const handoff = new Handoff<number>();
    let made = 0;
    const making = (async () => {
      for (; made < 5;) await handoff.put((made += 1));
      handoff.end();
    })();
    await turns();
    expect(made).toBe(1);
    const things = handoff.all();
    expect(await things.next()).toEqual({ value: 1, done: false });
    await turns();
    expect(made).toBe(2);
    const rest: number[] = [];
    for await (const one of things) rest.push(one);
    expect(rest).toEqual([2, 3, 4, 5]);
    await making;
  });

  it('waits for the next thing, and passes on a failure once all earlier things are taken', async () => {
    const handoff = new Handoff<number>();
    const things = handoff.all();
    const first = things.next();
    await turns();
    void handoff.put(1);
    expect(await first).toEqual({ value: 1, done: false });
    const second = things.next();
    handoff.fail(new Error('broken'));
    await expect(second).rejects.toThrow('broken');
  });
});
