import { useEffect, useState } from 'preact/hooks';

/** Longer than that a timer does not run: 24 days. */
const LONGEST_MS = 2 ** 31 - 1;

let hasEnded = false;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<(hasEnded: boolean) => void>();

/** Somebody is signed in, for so many seconds if that is known. */
export function beginSession(seconds?: number): void {
  clearTimeout(timer);
  if (seconds !== undefined) {
    timer = setTimeout(() => say(true), Math.min(seconds * 1_000, LONGEST_MS));
  }
  say(false);
}

/** Nobody is. */
export function forgetSession(): void {
  clearTimeout(timer);
  say(false);
}

/** What one signed in with opens nothing any more. */
export function noteEnd(): void {
  say(true);
}

function say(next: boolean): void {
  hasEnded = next;
  for (const listener of listeners) listener(next);
}

/** Whether one has to sign in again. */
export function useHasEnded(): boolean {
  const [shown, show] = useState(hasEnded);
  useEffect(() => {
    listeners.add(show);
    show(hasEnded);
    return () => void listeners.delete(show);
  }, []);
  return shown;
}
