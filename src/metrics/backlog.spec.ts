import { Backlog } from './backlog';

describe('the backlog of a read model', () => {
  const given = () => {
    const state = { head: 10, now: 0 };
    const backlog = new Backlog(
      () => state.head,
      () => state.now,
    );
    const at = (second: number, head: number) => {
      [state.now, state.head] = [second * 1_000, head];
      backlog.look();
    };
    return { backlog, at };
  };

  it('is nothing while the read model has everything', () => {
    const { backlog, at } = given();
    expect(backlog.secondsBehind(0)).toBe(0);
    at(0, 10);
    expect(backlog.secondsBehind(10)).toBe(0);
    at(100, 10);
    expect(backlog.secondsBehind(10)).toBe(0);
    backlog.close();
  });

  it('is as old as the oldest missing event, even while the read model advances', () => {
    const { backlog, at } = given();
    at(0, 10);
    for (let second = 1; second <= 60; second += 1) at(second, 10 + second);
    expect(backlog.secondsBehind(60)).toBe(9);
    expect(backlog.secondsBehind(65)).toBe(4);
    expect(backlog.secondsBehind(70)).toBe(0);
    backlog.close();
  });

  it('remembers at most an hour', () => {
    const { backlog, at } = given();
    for (let second = 0; second < 10_000; second += 1) at(second, 10 + second);
    expect(backlog.secondsBehind(1)).toBe(3_599);
    backlog.close();
  });
});
