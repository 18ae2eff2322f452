import { useEffect, useState } from 'preact/hooks';

/** How far the answers are, as the last one said. */
export interface Head {
  readonly position: string;
  /** Events that are recorded and not yet in the answers. */
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

/** Takes how far an answer is from its headers. Answers may overtake one another: the head never goes back. */
export function noteHead(headers: Headers): void {
  const position = headers.get('minutebook-position');
  const isOlder = position === null || BigInt(position) < BigInt(head.position || '0');
  if (isOlder) return set({ ...head, reachable: true });
  set({ position, behind: Number(headers.get('minutebook-behind') ?? 0), reachable: true });
}

/** The service could not be reached. */
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
