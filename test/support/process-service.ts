import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { keysOf } from './keys';
import { ServingProcess } from './process';
import { HttpService } from './service';

/** The compiled program, serving in a process of its own, with a new data folder. */
export class ProcessService extends HttpService {
  private constructor(
    private readonly serving: ServingProcess,
    private readonly dataDir: string,
  ) {
    super(serving.url, keysOf(dataDir));
  }

  static async start(environment: Readonly<Record<string, string>>): Promise<ProcessService> {
    const dataDir = mkdtempSync(join(tmpdir(), 'minutebook-process-'));
    return new ProcessService(await ServingProcess.start(dataDir, environment), dataDir);
  }

  /** Stops it as a person would; returns its exit status. */
  async close(): Promise<number | null> {
    const status = await this.serving.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
    return status;
  }
}
