import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

interface Written {
  readonly writes: number;
  readonly longestMs: number;
}

/** A process that writes to an SQLite file all the time, and measures how long its writes wait. */
export class SteadyWriter {
  private constructor(private readonly child: ChildProcess) {}

  static async start(path: string): Promise<SteadyWriter> {
    const child = fork(join(__dirname, 'writes-steadily.cjs'), [path], { execArgv: [] });
    await once(child, 'message');
    return new SteadyWriter(child);
  }

  async stop(): Promise<Written> {
    const heard = once(this.child, 'message');
    this.child.send('stop');
    const [written] = (await heard) as [Written];
    return written;
  }
}
