import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import {
  MessageChannel,
  Worker,
  type MessagePort,
  type ResourceLimits,
  type TransferListItem,
} from 'node:worker_threads';
import { asError } from './as-error';

/** One end of a connection between two threads. Messages are copied; transferred objects move. */
export interface ThreadPort {
  post(message: unknown, transfer?: readonly TransferListItem[]): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Calls `listener` when the other end has closed. */
  onClose(listener: () => void): void;
  close(): void;
}

/** What a thread runs. */
export interface ThreadProgram<Data> {
  /** The compiled file that a thread starts from. It calls `run` with the thread's own port. */
  readonly file: string;
  /** The same program, to run in this thread. */
  readonly run: (port: ThreadPort, data: Data) => void;
}

/** A thread, as seen by the thread that started it. */
export interface Thread {
  readonly port: ThreadPort;
  /** Resolves when it has ended: to the reason if it died, to `undefined` if it was terminated. */
  readonly ended: Promise<Error | undefined>;
  /** Ends it at once, or after the native call that it is in. */
  terminate(): Promise<void>;
}

/**
 * The size of the space for young objects if `limits` does not set it, in MB: V8's own default, as on the serving
 * thread. V8 copies what survives in this space. A larger space saves time but makes pauses longer, so a background
 * thread may set one: nobody notices its pauses.
 */
const YOUNG_OBJECTS_MB = 48;

/**
 * Starts a thread. Tests run TypeScript without compiling it, so there is no file to start a thread from. The program
 * then runs in this thread, behind the same interface.
 * @param data copied to the thread.
 * @param limits limits of its heap.
 * @param print gets each line that the thread prints. Default: the lines go to this process's output.
 */
export function startThread<Data>(
  program: ThreadProgram<Data>,
  data: Data,
  limits?: ResourceLimits,
  print?: (line: string) => void,
): Thread {
  const { file, run } = program;
  if (!isCompiled(file)) return runHere(run, data);
  const worker = new Worker(file, {
    workerData: data,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_OBJECTS_MB, ...limits },
    ...(print === undefined ? {} : { stdout: true, stderr: true }),
  });
  if (print !== undefined) {
    // A line may arrive in pieces.
    for (const input of [worker.stdout, worker.stderr]) {
      createInterface({ input, crlfDelay: Infinity }).on('line', print);
    }
  }
  let told = false;
  const terminate = async () => {
    told = true;
    await worker.terminate();
  };
  return {
    port: {
      post: (message, transfer) => worker.postMessage(message, transfer as TransferListItem[]),
      onMessage: (listener) => worker.on('message', listener),
      onClose: (listener) => worker.once('exit', listener),
      close: () => void terminate(),
    },
    ended: endOf(worker).then((why) => (told ? undefined : why)),
    terminate,
  };
}

/** Whether the compiled file exists. Without it no thread can start. */
export function isCompiled(file: string): boolean {
  return existsSync(file);
}

/** Wraps a port of a channel, or a thread's port to the thread that started it. */
export function threadPort(port: MessagePort): ThreadPort {
  return {
    post: (message, transfer) => port.postMessage(message, transfer as TransferListItem[]),
    onMessage: (listener) => port.on('message', listener),
    onClose: (listener) => port.once('close', listener),
    close: () => port.close(),
  };
}

function endOf(worker: Worker): Promise<Error> {
  return new Promise((resolve) => {
    let why: Error | undefined;
    worker.once('error', (error) => (why = asError(error)));
    worker.once('exit', (status) =>
      resolve(why ?? new Error(`The thread ended with status ${status}.`)),
    );
  });
}

function runHere<Data>(run: ThreadProgram<Data>['run'], data: Data): Thread {
  const { port1, port2 } = new MessageChannel();
  run(threadPort(port2), structuredClone(data));
  return {
    port: threadPort(port1),
    ended: new Promise((resolve) => port1.once('close', () => resolve(undefined))),
    terminate: () => Promise.resolve(port1.close()),
  };
}
