import { useLayoutEffect } from 'preact/hooks';

let holds = 0;
let free: Promise<void> = Promise.resolve();
let release: () => void = () => undefined;

/**
 * Freezes what the page shows while `isHeld`. Otherwise the data that is read after a write could remove the button
 * whose dialog still says what was done.
 */
export function useHold(isHeld: boolean): void {
  useLayoutEffect(() => (isHeld ? hold() : undefined), [isHeld]);
}

/** Resolves once nothing holds the page. */
export async function whenFree(): Promise<void> {
  while (holds > 0) await free;
}

function hold(): () => void {
  if (holds === 0) free = new Promise((resolve) => (release = resolve));
  holds += 1;
  return () => {
    holds -= 1;
    if (holds === 0) release();
  };
}
