import { setTimeout as sleep } from 'node:timers/promises';

const MOST_MS = 20_000;

/** Waits until a condition holds. @throws Error if it does not within twenty seconds. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  const until = Date.now() + MOST_MS;
  while (!(await holds())) {
    if (Date.now() > until)
      throw new Error('The awaited condition did not come true within twenty seconds.');
    await sleep(10);
  }
}

export function pause(ms: number): Promise<void> {
  return sleep(ms);
}
