import { useEffect, useState } from 'preact/hooks';

/** The longest time that a browser's timer can run, in milliseconds: about 24 days. */
const LONGEST_MS = 2 ** 31 - 1;

let hasEnded = false;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<(hasEnded: boolean) => void>();

/** Notes that somebody signed in, and for how many seconds, if known. */
export function beginSession(seconds?: number): void {
  clearTimeout(timer);
  if (seconds !== undefined) {
    timer = setTimeout(() => say(true), Math.min(seconds * 1_000, LONGEST_MS));
  }
  say(false);
}

/** Notes that nobody is signed in. */
export function forgetSession(): void {
  clearTimeout(timer);
  say(false);
}

/** Notes that the key or token no longer works. */
export function noteEnd(): void {
  say(true);
}

function say(next: boolean): void {
  hasEnded = next;
  for (const listener of listeners) listener(next);
}

/** Whether the person has to sign in again. */
export function useHasEnded(): boolean {
  const [shown, show] = useState(hasEnded);
  useEffect(() => {
    listeners.add(show);
    show(hasEnded);
    return () => void listeners.delete(show);
  }, []);
  return shown;
}
