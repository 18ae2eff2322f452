import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import {
  MessageChannel,
  Worker,
  type MessagePort,
  type ResourceLimits,
  type TransferListItem,
} from 'node:worker_threads';

/** One end of what goes between two threads. Messages are copied; what is transferred moves. */
export interface ThreadPort {
  post(message: unknown, transfer?: readonly TransferListItem[]): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Calls back once nothing comes any more. */
  onClose(listener: () => void): void;
  close(): void;
}

/** What a thread runs. */
export interface ThreadProgram<Data> {
  /** The compiled file that runs it as a thread of its own: it calls `run` with {@link ownThread}. */
  readonly file: string;
  /** The same without a thread. */
  readonly run: (port: ThreadPort, data: Data) => void;
}

/** A thread as the one that started it sees it. */
export interface Thread {
  readonly port: ThreadPort;
  /** Resolves when it has ended, with why if nobody ended it. */
  readonly ended: Promise<Error | undefined>;
  /** Ends it at once; a call into a native module ends first. */
  terminate(): Promise<void>;
}

/**
 * The space for young objects, of which V8 copies what survives. Much of it spares time but makes a pause long, which
 * nobody sees on a thread that works in the background. The thread that serves keeps V8's own 48 MB for that reason.
 */
const YOUNG_OBJECTS_MB = 48;

/**
 * Starts a thread. TypeScript that is run as it is, in tests, has no file to start one from: then the program runs in
 * this thread, and is spoken to in the same way.
 * @param data is copied.
 * @param limits of its heap.
 * @param print says what the thread prints, a line a call; left out, it is printed as it is.
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
    // A line may come in pieces.
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

/** Whether there is a compiled file, without which there is no thread. */
export function isCompiled(file: string): boolean {
  return existsSync(file);
}

/** A port of a channel, or a thread's own to the one that started it. */
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

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
