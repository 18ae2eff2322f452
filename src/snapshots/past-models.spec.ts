import { PastModels, type PastReadModel } from './past-models';

const model = { close: () => Promise.resolve() } as unknown as PastReadModel;

describe('read models of the past', () => {
  it('keep nobody waiting who has left, though another one is being filled', async () => {
    const models = new PastModels(() => Promise.resolve(model), { models: 2, bytes: 1_000 });
    let filled!: () => void;
    const filling = new Promise<void>((resolve) => (filled = resolve));
    const first = models.use(
      'first',
      () => filling,
      () => Promise.resolve('first'),
    );
    const leaving = new AbortController();
    const second = models.use(
      'second',
      () => Promise.resolve(),
      () => Promise.resolve('second'),
      { signal: leaving.signal },
    );
    leaving.abort(new Error('The client has left.'));
    await expect(second).rejects.toThrow('has left');
    filled();
    expect(await first).toBe('first');
    await models.close(new Error('The service stops.'));
  });
});
