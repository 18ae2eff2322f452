import { useEffect, useState } from 'preact/hooks';

/** How far the service's answers have got. */
export interface Head {
  readonly position: string;
  /** Events that are recorded but not yet in the answers. */
  readonly behind: number;
  readonly reachable: boolean;
}

let head: Head = { position: '', behind: 0, reachable: true };
const listeners = new Set<(head: Head) => void>();

function set(next: Head): void {
  const isSame =
    next.position === head.position &&
    next.behind === head.behind &&
    next.reachable === head.reachable;
  if (isSame) return;
  head = next;
  for (const listener of listeners) listener(head);
}

/** Notes how far the service's answers have got. */
export function noteHead(position: string, behind: number): void {
  set({ position, behind, reachable: true });
}

/** Notes that the service could not be reached. */
export function noteUnreachable(): void {
  set({ ...head, reachable: false });
}

export function useHead(): Head {
  const [shown, show] = useState(head);
  useEffect(() => {
    listeners.add(show);
    show(head);
    return () => void listeners.delete(show);
  }, []);
  return shown;
}
