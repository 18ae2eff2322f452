import type { StreamingRead } from '@eventstore/db-client';

import { NoAnswerError } from './failures';

/**
 * Collects all that a read of the client yields.
 * @throws what ends the read early, so that nothing is ever cut short unnoticed; NoAnswerError if nothing arrived for
 * `idleMs`.
 */
export async function collect<T>(reading: StreamingRead<T>, idleMs: number): Promise<readonly T[]> {
  let idle: NodeJS.Timeout | undefined;
  try {
    return await new Promise<T[]>((resolve, reject) => {
      const items: T[] = [];
      idle = setTimeout(() => reject(new NoAnswerError(idleMs)), idleMs);
      reading
        .on('data', (item: T) => {
          items.push(item);
          idle!.refresh();
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
