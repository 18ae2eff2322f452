import { Opened } from './opened';

describe('what was opened', () => {
  const closing = (name: string, closed: string[], fails = false) => ({
    close: async () => {
      await Promise.resolve();
      closed.push(name);
      if (fails) throw new Error(`${name} could not be closed.`);
    },
  });

  it('is closed in the reverse order, each part once the previous one has closed', async () => {
    const closed: string[] = [];
    const opened = new Opened();
    opened.keep(closing('store', closed));
    opened.atClose(() => closed.push('step'));
    opened.keep(closing('door', closed));
    await opened.close();
    expect(closed).toEqual(['door', 'step', 'store']);
  });

  it('returns what it keeps', () => {
    const part = closing('store', []);
    expect(new Opened().keep(part)).toBe(part);
  });

  it('closes the rest if one part fails, and then throws that failure', async () => {
    const closed: string[] = [];
    const opened = new Opened();
    opened.keep(closing('store', closed));
    opened.keep(closing('projector', closed, true));
    opened.keep(closing('door', closed));
    await expect(opened.close()).rejects.toThrow('projector could not be closed.');
    expect(closed).toEqual(['door', 'projector', 'store']);
  });

  it('names each failure if there are several', async () => {
    const opened = new Opened();
    opened.keep(closing('store', [], true));
    opened.keep(closing('door', [], true));
    await expect(opened.close()).rejects.toThrow(
      'door could not be closed. store could not be closed.',
    );
  });

  it('is closed once: a second call waits for the same end', async () => {
    const closed: string[] = [];
    const opened = new Opened();
    opened.keep(closing('store', closed));
    await Promise.all([opened.close(), opened.close()]);
    await opened.close();
    expect(closed).toEqual(['store']);
  });
});
