import { useEffect } from 'preact/hooks';

import { api } from './client';
import { noteHead, noteUnreachable } from './head';

const EVERY_MS = 1_000;

/** Checks once a second, while the tab is visible, how far the answers have got. Pages read again when that changes. */
export function usePulse(): void {
  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout>;
    const beat = async () => {
      if (!document.hidden) await look();
      if (!stopped) timer = setTimeout(() => void beat(), EVERY_MS);
    };
    void beat();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, []);
}

async function look(): Promise<void> {
  try {
    // A service that is not ready (503) reports its position, too.
    const { data, error } = await api.GET('/health/ready');
    const answer = data ?? error;
    // While the service starts, it has no position.
    if (!('read_model' in answer) || answer.read_model === null) return noteUnreachable();
    const { read_model: model } = answer;
    noteHead(model.position, model.behind ?? 0);
  } catch {
    noteUnreachable();
  }
}
