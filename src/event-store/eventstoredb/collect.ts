import type { StreamingRead } from '@eventstore/db-client';

import { NoAnswerError } from './failures';

/**
 * Collects all that a read of the client yields.
 * @param isEnough called with each item; if true, that item is the last, and the read is cancelled.
 * @throws what ends the read early, so that nothing is ever cut short unnoticed; NoAnswerError if nothing arrived for
 * `idleMs`.
 */
export async function collect<T>(
  reading: StreamingRead<T>,
  idleMs: number,
  isEnough: (item: T) => boolean = () => false,
): Promise<readonly T[]> {
  let idle: NodeJS.Timeout | undefined;
  try {
    return await new Promise<T[]>((resolve, reject) => {
      const items: T[] = [];
      let cut = false;
      idle = setTimeout(() => reject(new NoAnswerError(idleMs)), idleMs);
      reading
        .on('data', (item: T) => {
          // A few more may arrive after the read was cancelled.
          if (cut) return;
          items.push(item);
          idle!.refresh();
          if (!isEnough(item)) return;
          cut = true;
          resolve(items);
          reading.cancel().catch(() => undefined);
        })
        .on('end', () => resolve(items))
        .on('error', reject)
        .on('close', () => reject(new Error('The read was closed before its end.')));
    });
  } catch (error) {
    // If the read itself has failed, cancelling it fails too: there is nothing left to cancel.
    if (error instanceof NoAnswerError) reading.cancel().catch(() => undefined);
    throw error;
  } finally {
    clearTimeout(idle);
  }
}
