import { ServedSwitch } from './served-switch';

/** The queries' one connection, which somebody else may hold. */
class Connection {
  private free: Promise<void> = Promise.resolve();
  /** How often opening the new file fails. */
  fails = 0;
  opened = 0;

  hold(): () => void {
    let letGo!: () => void;
    this.free = new Promise((resolve) => (letGo = resolve));
    return letGo;
  }

  async pause<T>(work: (reopen: () => void) => Promise<T>): Promise<T> {
    await this.free;
    return work(() => {
      if (this.fails > 0) {
        this.fails -= 1;
        throw new Error('Too many files are open.');
      }
      this.opened += 1;
    });
  }
}

const writer = {
  hold: () => Promise.resolve(),
  reopen: () => Promise.resolve(),
  release: () => Promise.resolve(),
};

describe('a switch to another file', () => {
  const begin = () => {
    const connection = new Connection();
    const reported: Error[] = [];
    const paused: Promise<unknown>[] = [];
    const live = {
      pause: <T>(work: (reopen: () => void) => Promise<T>) => {
        const pause = connection.pause(work);
        paused.push(pause);
        return pause;
      },
    };
    const served = new ServedSwitch('/nonexistent/read-models.db', live, writer, (error) =>
      reported.push(error),
    );
    return { connection, reported, paused, served };
  };

  it('that was given up before the queries paused does not pause them later', async () => {
    const { connection, paused, served } = begin();
    await served.hold();
    const letGo = connection.hold();
    void served.begin();
    await served.abandon();
    // The next switch holds the writer before the first one's pause begins.
    await served.hold();
    letGo();
    await paused[0];
    expect(connection.opened).toBe(0);
  });

  it('opens the new file as soon as it can, and queries wait until then', async () => {
    const { connection, reported, paused, served } = begin();
    connection.fails = 2;
    await served.hold();
    await served.begin();
    await served.end(true);
    await paused[0];
    expect(connection.opened).toBe(1);
    expect(reported.map(({ message }) => message)).toEqual(['Too many files are open.']);
  });
});
