import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { builtOnce } from './built-once';
import { fetchFrom, keysOf } from './keys';

const ROOT = join(__dirname, '../..');
export const BUILT = join(ROOT, 'node_modules/.cache/minutebook-e2e');

/** The file that the thread of the EventStoreDB client runs, once {@link build} has compiled it. */
export const WORKER_FILE = join(BUILT, 'event-store/eventstoredb/thread/worker.js');

/**
 * Compiles the program for tests that need a process, beside the checkout's own `dist`, and only if its sources have
 * changed. It does not check types; `npm run typecheck` does.
 */
export function build(): void {
  const sources = ['src', 'tsconfig.json', 'tsconfig.build.json'].map((name) => join(ROOT, name));
  builtOnce(BUILT, sources, (into) => {
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
    const options = ['-p', 'tsconfig.build.json', '--noCheck', '--outDir', into];
    execFileSync(process.execPath, [compiler, ...options], { cwd: ROOT });
  });
}

/** The command line that runs one of the program's commands. */
export const command = (args: readonly string[]) => [
  process.execPath,
  join(BUILT, 'cli.js'),
  ...args,
];

/** Runs one of the program's commands to its end. */
export function run(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  input = '',
): Promise<Ended> {
  return runOf(command(args), environment, input);
}

/** The outcome of a command. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  /** The ledger that it named on the first line of standard error. */
  readonly ledger: string | undefined;
  /** The rest of standard error. */
  readonly stderr: string;
}

/** Runs any command to its end. */
export async function runOf(
  [program, ...args]: readonly string[],
  environment: Readonly<Record<string, string>>,
  input = '',
): Promise<Ended> {
  const child = spawn(program!, args, {
    env: { ...process.env, ...environment },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.end(input);
  await once(child, 'close');
  const [, ledger, rest] = /^(?:Ledger: (.*)\n)?([^]*)$/.exec(stderr) ?? [];
  return { status: child.exitCode, stdout, ledger, stderr: rest! };
}

/** Starts one of the program's commands, which a test may kill. */
export function start(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): { kill(): Promise<void> } {
  const child = spawn(process.execPath, [join(BUILT, 'cli.js'), ...args], {
    env: { ...process.env, ...environment },
    stdio: 'ignore',
  });
  const gone = once(child, 'exit');
  return {
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** A running command of the program, which a test can stop as a person would. */
export class Running {
  private readonly child: ChildProcess;
  /** Its output so far, on both streams. */
  said = '';
  private heard: () => void = () => undefined;

  constructor(args: readonly string[], environment: Readonly<Record<string, string>>) {
    this.child = spawn(process.execPath, [join(BUILT, 'cli.js'), ...args], {
      env: { ...process.env, ...environment },
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.said += chunk.toString();
        this.heard();
      });
    }
  }

  /** Resolves once the output contains this text. */
  async says(text: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.heard = () => (this.said.includes(text) ? resolve() : undefined);
      this.child.once('exit', () =>
        reject(new Error(`The command never said "${text}": ${this.said}`)),
      );
      this.heard();
    });
  }

  /** Sends Ctrl-C; returns the exit status and all output. */
  interrupt(): Promise<{ status: number | null; said: string }> {
    const ended = this.ends();
    this.child.kill('SIGINT');
    return ended;
  }

  /** The exit status and all output, once the command has ended by itself. */
  async ends(): Promise<{ status: number | null; said: string }> {
    await once(this.child, 'close');
    return { status: this.child.exitCode, said: this.said };
  }
}

/** A serving process, which a test may kill. */
export class ServingProcess {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly dataDir: string,
    /** Everything it has written so far, to standard output and standard error. */
    readonly said: () => string,
  ) {}

  /** Like the global `fetch`, with the key that the path needs. */
  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetchFrom(this.url, keysOf(this.dataDir), path, init);
  }

  static async start(
    dataDir: string,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<ServingProcess> {
    const child = spawn(process.execPath, [join(BUILT, 'main.js')], {
      env: { ...process.env, DATA_DIR: dataDir, PORT: '0', HOST: '127.0.0.1', ...environment },
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (process.env['SHOW_SERVICES'] !== undefined) process.stderr.write(chunk);
    });
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const found = /listens on (\S+)/.exec(said)?.[1];
        if (found !== undefined) resolve(found);
      });
      child.once('exit', () => reject(new Error(`The service did not start: ${said}`)));
    });
    return new ServingProcess(url, child, dataDir, () => said);
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Resolves when it has ended, for any reason. */
  async gone(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await once(this.child, 'exit');
    }
  }

  /** Ends it at once, as a power cut would. Does nothing if it has already ended. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.gone();
  }

  /** Suspends the process, or resumes it. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.child.kill(signal);
  }

  /** Asks it to stop; returns its exit status. @throws if a signal ended it, as in a crash of a native module. */
  async stop(): Promise<number | null> {
    const gone = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await gone;
    const { exitCode, signalCode } = this.child;
    if (signalCode !== null) throw new Error(`Ended by ${signalCode}: ${this.said()}`);
    return exitCode;
  }
}
